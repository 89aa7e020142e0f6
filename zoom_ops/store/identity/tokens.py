"""API tokens of scripts. Only a digest of each is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from ...errors import NotFoundError
from ..db.values import find_value, load_values
from ..tables import api_token

_USED_EVERY = timedelta(hours=1)  # the use of a token is noted at most this often


@dataclass(frozen=True, kw_only=True)
class ApiToken:
    """The API token of a script: its scopes and its lifetime."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    used_at: datetime | None

    def is_used_anew(self, now: datetime) -> bool:
        """Return whether the latest use is old enough to be noted again."""
        return self.used_at is None or now - self.used_at > _USED_EVERY


def insert_token(connection: Connection, now: datetime, **values: Any) -> None:
    """Write a new token."""
    connection.execute(insert(api_token).values(**values, created_at=now))


def find_token(connection: Connection, digest: str, now: datetime) -> ApiToken | None:
    """Find a token that has not expired, or None."""
    is_valid = or_(api_token.c.expires_at.is_(None), api_token.c.expires_at > now)
    return find_value(connection, ApiToken, select(api_token).where(api_token.c.digest == digest, is_valid))


def load_digests(connection: Connection) -> frozenset[str]:
    """Load the digests of all tokens."""
    return frozenset(connection.scalars(select(api_token.c.digest)))


def load_token(connection: Connection, name: str) -> ApiToken:
    """Load a token by its name; raise NotFoundError with the nearest names."""
    token = find_value(connection, ApiToken, select(api_token).where(api_token.c.name == name))
    if token is None:
        raise NotFoundError("token", name, connection.scalars(select(api_token.c.name)))
    return token


def has_token(connection: Connection, name: str) -> bool:
    """Return whether there is a token of that name."""
    return connection.execute(select(api_token.c.id).where(api_token.c.name == name)).first() is not None


def list_tokens(connection: Connection) -> tuple[ApiToken, ...]:
    """List the tokens, by name."""
    return load_values(connection, ApiToken, select(api_token).order_by(api_token.c.name))


def note_used(connection: Connection, token_id: int, now: datetime) -> None:
    """Note that a token is in use."""
    connection.execute(update(api_token).where(api_token.c.id == token_id).values(used_at=now))


def delete_token(connection: Connection, token_id: int) -> None:
    """Delete a token: it is no longer accepted."""
    connection.execute(delete(api_token).where(api_token.c.id == token_id))
