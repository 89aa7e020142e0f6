"""Sessions of signed-in users. Only a digest of the cookie is stored, so a copied database opens no session."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from ..audit import Actor, How
from ..db.values import load_values
from ..tables import session, site_user

_SEEN_EVERY = timedelta(minutes=1)  # the use of a session is noted at most this often


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A valid session and its user."""

    digest: str
    how: How
    login: str
    name: str
    role: str
    groups: tuple[str, ...]
    seen_at: datetime

    def is_seen_anew(self, now: datetime) -> bool:
        """Return whether the latest use is old enough to be noted again."""
        return now - self.seen_at > _SEEN_EVERY


def open_session(
    connection: Connection, digest: str, user_id: int, by: Actor, now: datetime, *, ends_at: datetime
) -> None:
    """Write a new session of a user, and delete those that have ended."""
    connection.execute(delete(session).where(session.c.ends_at <= now))
    row = {"digest": digest, "user_id": user_id, "how": by.how, "address": by.address}
    connection.execute(insert(session).values({**row, "created_at": now, "seen_at": now, "ends_at": ends_at}))


def find_session(connection: Connection, digest: str, now: datetime, idle: timedelta) -> SignedIn | None:
    """Find a valid session, or None."""
    return next(iter(load_sessions(connection, (digest,), now, idle)), None)


def load_sessions(
    connection: Connection, digests: Iterable[str], now: datetime, idle: timedelta
) -> tuple[SignedIn, ...]:
    """Load those of these sessions that are valid: not ended, used within `idle`, of a user who is not blocked."""
    query = select(session, *site_user.c["login", "name", "role", "groups"])
    query = query.join(site_user, site_user.c.id == session.c.user_id).where(session.c.digest.in_(list(digests)))
    valid = query.where(session.c.ends_at > now, session.c.seen_at > now - idle, ~site_user.c.blocked)
    return load_values(connection, SignedIn, valid)


def note_seen(connection: Connection, digest: str, now: datetime) -> None:
    """Note that a session is in use."""
    connection.execute(update(session).where(session.c.digest == digest).values(seen_at=now))


def end_session(connection: Connection, digest: str) -> bool:
    """Delete a session; return whether there was one."""
    return bool(connection.execute(delete(session).where(session.c.digest == digest)).rowcount)


def end_sessions(connection: Connection, user_id: int) -> int:
    """Delete every session of a user; return how many there were."""
    return connection.execute(delete(session).where(session.c.user_id == user_id)).rowcount


def count_sessions(connection: Connection, now: datetime) -> dict[int, int]:
    """Count the sessions of each user that have not ended, by user id."""
    query = select(session.c.user_id, func.count().label("held")).where(session.c.ends_at > now)
    return {row.user_id: row.held for row in connection.execute(query.group_by(session.c.user_id))}
