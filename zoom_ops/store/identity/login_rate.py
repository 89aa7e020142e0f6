"""Counters of a rate limit that all processes share, by key."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from ...rate import Rate
from ..db.upsert import insert_into
from ..tables import pace

_KEPT = timedelta(hours=1)


def take_place(connection: Connection, key: str, allowed: Rate, now: datetime) -> timedelta | None:
    """Take a place for an attempt and return None, or return how long to wait for the next place."""
    query = insert_into(connection, pace).values(key=key, free_at=now)
    locking = query.on_conflict_do_update(index_elements=["key"], set_={"free_at": pace.c.free_at})  # a row lock
    free_at: datetime = connection.execute(locking.returning(pace.c.free_at)).scalar_one()
    ahead, wait = allowed.count(free_at - now)
    if wait:
        return wait
    connection.execute(update(pace).where(pace.c.key == key).values(free_at=now + ahead))
    return None


def forget_old(connection: Connection, now: datetime) -> None:
    """Delete the rows of keys that have had their full burst again for an hour."""
    connection.execute(delete(pace).where(pace.c.free_at < now - _KEPT))


def give_back(connection: Connection, key: str, allowed: Rate) -> None:
    """Give back a place that was not needed."""
    free_at = connection.execute(select(pace.c.free_at).where(pace.c.key == key).with_for_update()).scalar_one_or_none()
    if free_at is not None:
        connection.execute(update(pace).where(pace.c.key == key).values(free_at=free_at - allowed.every))


def clear_place(connection: Connection, key: str) -> None:
    """Delete the count of a key."""
    connection.execute(delete(pace).where(pace.c.key == key))
