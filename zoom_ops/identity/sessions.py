"""Begin a session for an authenticated user."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..store.audit import Actor, record_audit
from ..store.identity.sessions import Opening, open_session
from ..store.identity.users import update_user
from .digests import digest_of, make_secret


def begin_session(
    connection: Connection, user_id: int, by: Actor, life: timedelta, now: datetime, **changes: Any
) -> str:
    """Begin a session and return its new secret. `changes` are columns of the user that are updated with it."""
    secret = make_secret()
    update_user(connection, user_id, signed_in_at=now, **changes)
    opening = Opening(user_id=user_id, digest=digest_of(secret), how=by.how, address=by.address, life=life)
    open_session(connection, opening, now)
    record_audit(connection, by, "signed_in", ("user", by.name), now)
    return secret
