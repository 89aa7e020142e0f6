"""What each running process has of the configuration files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from .db.upsert import upsert
from .tables import configuration

BEAT = timedelta(seconds=10)  # between two signs of life of a process
_ALIVE = timedelta(seconds=45)  # without one for so long, a process is over


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a process has."""

    process: str
    part: str  # all | web | worker | scheduler
    read_at: datetime
    seen_at: datetime
    items: Mapping[str, Any]
    refused: str | None  # why it did not take in the files as they are now


def save_held(connection: Connection, held: Held) -> None:
    """Write what a process has, and delete the rows of processes that are over."""
    values = {name: value for name, value in vars(held).items() if name != "process"}
    upsert(connection, configuration, {"process": held.process}, values)
    connection.execute(delete(configuration).where(configuration.c.seen_at < held.seen_at - _ALIVE))


def touch_held(connection: Connection, process: str, now: datetime) -> bool:
    """Note a sign of life of a process; return False if its row is not there."""
    mine = configuration.c.process == process
    return connection.execute(update(configuration).where(mine).values(seen_at=now)).rowcount == 1


def load_held(connection: Connection, now: datetime) -> tuple[Held, ...]:
    """Load what the running processes have."""
    query = select(configuration).where(configuration.c.seen_at >= now - _ALIVE)
    return tuple(Held(**row._mapping) for row in connection.execute(query.order_by(configuration.c.process)))


def delete_held(connection: Connection, process: str) -> None:
    """Forget a process, which ends."""
    connection.execute(delete(configuration).where(configuration.c.process == process))
