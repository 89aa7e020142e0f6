"""Keep who is signed in: of what the browser holds only a digest, so that a copy of the database opens nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from ..audit import How
from ..tables import session, site_user

_SEEN_EVERY = timedelta(minutes=1)  # who reads on is noted no more often


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session that holds, and whose it is."""

    digest: str
    how: How
    login: str
    name: str
    role: str
    groups: tuple[str, ...]
    seen_at: datetime

    def is_seen_anew(self, now: datetime) -> bool:
        """Tell whether it is time to note that the session is in use."""
        return now - self.seen_at > _SEEN_EVERY


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a new session begins with."""

    user_id: int
    digest: str
    how: How
    address: str | None
    life: timedelta


def open_session(connection: Connection, opening: Opening, now: datetime) -> None:
    """Begin a session, and throw away those whose time is over."""
    connection.execute(delete(session).where(session.c.ends_at <= now))
    connection.execute(
        insert(session).values(
            digest=opening.digest,
            user_id=opening.user_id,
            how=opening.how,
            address=opening.address,
            created_at=now,
            seen_at=now,
            ends_at=now + opening.life,
        )
    )


def find_session(connection: Connection, digest: str, now: datetime, idle: timedelta) -> SignedIn | None:
    """Find a session that holds, or None."""
    return next(iter(load_sessions(connection, (digest,), now, idle)), None)


def load_sessions(
    connection: Connection, digests: Iterable[str], now: datetime, idle: timedelta
) -> tuple[SignedIn, ...]:
    """Load those of these sessions that have neither ended nor been left alone for longer than `idle`.

    Sessions of somebody who is blocked are left out.
    """
    query = (
        select(session, site_user.c.login, site_user.c.name, site_user.c.role, site_user.c.groups)
        .join(site_user, site_user.c.id == session.c.user_id)
        .where(session.c.digest.in_(list(digests)), session.c.ends_at > now, session.c.seen_at > now - idle)
        .where(~site_user.c.blocked)
    )
    return tuple(_signed_in(row) for row in connection.execute(query))


def note_seen(connection: Connection, digest: str, now: datetime) -> None:
    """Note that a session is in use."""
    connection.execute(update(session).where(session.c.digest == digest).values(seen_at=now))


def end_session(connection: Connection, digest: str) -> bool:
    """End a session; tell whether there was one."""
    return bool(connection.execute(delete(session).where(session.c.digest == digest)).rowcount)


def end_sessions(connection: Connection, user_id: int) -> int:
    """End every session of a user; tell how many there were."""
    return connection.execute(delete(session).where(session.c.user_id == user_id)).rowcount


def count_sessions(connection: Connection, now: datetime) -> dict[int, int]:
    """Count what each user is signed in with."""
    query = select(session.c.user_id, func.count().label("held")).where(session.c.ends_at > now)
    return {row.user_id: row.held for row in connection.execute(query.group_by(session.c.user_id))}


def _signed_in(row: Row[Any]) -> SignedIn:
    return SignedIn(
        digest=row.digest,
        how=row.how,
        login=row.login,
        name=row.name,
        role=row.role,
        groups=tuple(row.groups),
        seen_at=row.seen_at,
    )
