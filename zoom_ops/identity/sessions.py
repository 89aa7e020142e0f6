"""Begin a session for an authenticated user."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..store.audit import Actor, record_audit
from ..store.identity.sessions import open_session
from ..store.identity.users import update_user
from .digests import digest_of, make_secret


def begin_session(
    connection: Connection, user_id: int, by: Actor, life: timedelta, now: datetime, **changes: Any
) -> str:
    """Begin a session and return its new secret. `changes` are columns of the user that are updated with it."""
    secret = make_secret()
    update_user(connection, user_id, signed_in_at=now, **changes)
    open_session(connection, digest_of(secret), user_id, by, now, ends_at=now + life)
    record_audit(connection, by, "signed_in", ("user", by.name), now)
    return secret
