"""Counters of a rate limit that all processes share, by key."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from ...rate import Rate
from ..db.upsert import insert_into
from ..tables import pace

_KEPT = timedelta(hours=1)
_FORGOTTEN = 100  # rows that an attempt deletes at most
_SET = update(pace).where(pace.c.key == bindparam("counted")).values(free_at=bindparam("then"))


def load_free(connection: Connection, keys: Collection[str]) -> dict[str, datetime]:
    """Load the counters of keys, as `Rate` defines them; a key without one is left out."""
    rows = connection.execute(select(pace.c.key, pace.c.free_at).where(pace.c.key.in_(keys)))
    return {row.key: row.free_at for row in rows}


def lock_free(connection: Connection, logins: Mapping[str, str | None], now: datetime) -> dict[str, datetime]:
    """Load and lock the counters of keys, each with the digest of its login or None. A new one begins with now."""
    in_order = sorted(logins)  # so that two attempts with the same keys never wait for each other
    query = insert_into(connection, pace).values(
        [{"key": key, "login": logins[key], "free_at": now} for key in in_order]
    )
    locking = query.on_conflict_do_update(index_elements=["key"], set_={"free_at": pace.c.free_at})
    return {row.key: row.free_at for row in connection.execute(locking.returning(pace.c.key, pace.c.free_at))}


def set_free(connection: Connection, free_at: Mapping[str, datetime]) -> None:
    """Write counters by key."""
    connection.execute(_SET, [{"counted": key, "then": then} for key, then in free_at.items()])


def forget_old(connection: Connection, now: datetime) -> None:
    """Delete rows of keys that have had their full burst again for an hour, more than an attempt adds.

    Not all at once: an hour of guesses leaves half a million, whose deletion would keep everybody else from writing.
    Two attempts that both begin such keys anew do not wait for each other.
    """
    old = select(pace.c.key).where(pace.c.free_at < now - _KEPT).limit(_FORGOTTEN).with_for_update(skip_locked=True)
    connection.execute(delete(pace).where(pace.c.key.in_(old)))


def give_back(connection: Connection, key: str, allowed: Rate) -> None:
    """Give back a place that was not needed."""
    free_at = connection.execute(select(pace.c.free_at).where(pace.c.key == key).with_for_update()).scalar_one_or_none()
    if free_at is not None:
        connection.execute(update(pace).where(pace.c.key == key).values(free_at=free_at - allowed.every))


def clear_place(connection: Connection, key: str) -> None:
    """Delete the count of a key."""
    connection.execute(delete(pace).where(pace.c.key == key))


def clear_login(connection: Connection, login: str) -> None:
    """Delete the counts of a login, given by its digest."""
    connection.execute(delete(pace).where(pace.c.login == login))
