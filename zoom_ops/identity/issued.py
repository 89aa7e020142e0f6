"""Secrets that the service issues, of tokens and sessions. Each is handed out once; the database stores its digest."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..store.audit import Actor, record_audit
from ..store.identity.sessions import open_session
from ..store.identity.users import update_user


def make_secret() -> str:
    """Generate a secret of 256 bits."""
    return secrets.token_urlsafe(32)


def derive_secret(seed: str, code: str) -> str:
    """Return the secret that a seed of `make_secret` and a code have together: the same ones have the same."""
    return urlsafe_b64encode(hmac.digest(seed.encode(), code.encode(), "sha256")).decode().rstrip("=")


def digest_of(secret: str) -> str:
    """Return the SHA-256 digest of a secret as 64 hexadecimal digits. 256 random bits need no slow password hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def begin_session(
    connection: Connection,
    user_id: int,
    by: Actor,
    life: timedelta,
    now: datetime,
    *,
    proven_at: datetime | None,
    secret: str = "",
    **changes: Any,
) -> str:
    """Begin a session and return its secret, a new one if none is given.

    `changes` are columns of the user that are updated with it. `proven_at`: when the user proved who they are; None if
    nobody knows.
    """
    secret = secret or make_secret()
    update_user(connection, user_id, signed_in_at=now, **changes)
    open_session(connection, digest_of(secret), user_id, by, now, ends_at=now + life, proven_at=proven_at)
    record_audit(connection, by, "signed_in", ("user", by.name), now)
    return secret
