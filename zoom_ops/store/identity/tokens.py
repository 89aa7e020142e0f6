"""Keep the tokens of scripts: of each only a digest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from ...errors import NotFoundError
from ..tables import api_token

_USED_EVERY = timedelta(hours=1)  # its use is noted no more often


@dataclass(frozen=True, kw_only=True)
class ApiToken:
    """A script's token: what it is for, and how long."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    used_at: datetime | None

    def is_used_anew(self, now: datetime) -> bool:
        """Tell whether it is time to note that the token is in use."""
        return self.used_at is None or now - self.used_at > _USED_EVERY


def insert_token(connection: Connection, now: datetime, **values: Any) -> None:
    """Write a new token."""
    connection.execute(insert(api_token).values(**values, created_at=now))


def find_token(connection: Connection, digest: str, now: datetime) -> ApiToken | None:
    """Find a token that has not expired."""
    holds = or_(api_token.c.expires_at.is_(None), api_token.c.expires_at > now)
    row = connection.execute(select(api_token).where(api_token.c.digest == digest, holds)).first()
    return _token(row) if row else None


def load_token(connection: Connection, name: str) -> ApiToken:
    """Load a token by its name; raise NotFoundError with the nearest."""
    row = connection.execute(select(api_token).where(api_token.c.name == name)).first()
    if row is None:
        raise NotFoundError("token", name, connection.execute(select(api_token.c.name)).scalars())
    return _token(row)


def has_token(connection: Connection, name: str) -> bool:
    """Tell whether there is a token of that name."""
    return connection.execute(select(api_token.c.id).where(api_token.c.name == name)).first() is not None


def list_tokens(connection: Connection) -> tuple[ApiToken, ...]:
    """List the tokens, by name."""
    return tuple(_token(row) for row in connection.execute(select(api_token).order_by(api_token.c.name)))


def note_used(connection: Connection, token_id: int, now: datetime) -> None:
    """Note that a token is in use."""
    connection.execute(update(api_token).where(api_token.c.id == token_id).values(used_at=now))


def delete_token(connection: Connection, token_id: int) -> None:
    """Take a token out: it opens nothing any more."""
    connection.execute(delete(api_token).where(api_token.c.id == token_id))


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
