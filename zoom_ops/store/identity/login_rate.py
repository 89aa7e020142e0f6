"""How often something may be tried, counted for all processes: so many at once, then one in a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from ..db.upsert import insert_into
from ..tables import pace

_KEPT = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """So many at once after a rest, then one every so often."""

    at_once: int
    every: timedelta


def take_place(connection: Connection, key: str, allowed: Pace, now: datetime) -> timedelta | None:
    """Take a place; where there is none, tell in how long there will be."""
    query = insert_into(connection, pace).values(key=key, free_at=now)
    held = query.on_conflict_do_update(index_elements=["key"], set_={"free_at": pace.c.free_at})  # and so locked
    free_at: datetime = max(now, connection.execute(held.returning(pace.c.free_at)).scalar_one())
    room = allowed.at_once * allowed.every
    following = min(free_at, now + room) + allowed.every  # it is further ahead only if a clock was set back
    if following > now + room:
        return following - now - room
    connection.execute(update(pace).where(pace.c.key == key).values(free_at=following))
    return None


def forget_old(connection: Connection, now: datetime) -> None:
    """Throw away what tells no more than that somebody has rested."""
    connection.execute(delete(pace).where(pace.c.free_at < now - _KEPT))


def give_back(connection: Connection, key: str, allowed: Pace) -> None:
    """Give a place back that was not needed."""
    free_at = connection.execute(select(pace.c.free_at).where(pace.c.key == key).with_for_update()).scalar_one_or_none()
    if free_at is not None:
        connection.execute(update(pace).where(pace.c.key == key).values(free_at=free_at - allowed.every))


def clear_place(connection: Connection, key: str) -> None:
    """Forget what was counted for a key."""
    connection.execute(delete(pace).where(pace.c.key == key))
