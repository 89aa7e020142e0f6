"""The engine's sign of life, by the clock that all processes of a database share; it shows when that was put back."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from ..store.db.clock_rewind import put_back
from ..store.db.connect import Database
from ..store.db.upsert import upsert
from ..store.tables import meta

_HEARTBEAT = "heartbeat"
_NOTICED = timedelta(seconds=10)  # what a clock is put back by at least; less is got over by waiting


def write_heartbeat(database: Database) -> timedelta:
    """Note that the engine is alive; tell by how much the clock was found to be put back, mostly zero.

    What was to happen at an instant that now lies further ahead is put back with it, in the same transaction.
    """
    with database.begin() as connection:
        _wait_for_others(connection)
        now = database.now(connection)
        behind = _behind(connection, now)
        if behind:
            put_back(connection, now, behind)
        upsert(connection, meta, {"name": _HEARTBEAT}, {"value": now.isoformat()})
        return behind


def latest_heartbeat(database: Database) -> datetime | None:
    """Tell when the engine was last known to be alive, or None."""
    with database.read() as connection:
        return _latest(connection)


def is_alive(database: Database, within: timedelta) -> bool:
    """Tell whether a heartbeat was written `within` a time; one that lies ahead, as by a clock put back, is none."""
    with database.read() as connection:
        beat = _latest(connection)
        return beat is not None and abs(database.now(connection) - beat) <= within


def follow_clock(database: Database) -> None:
    """Do what a heartbeat does when the clock was put back, where no daemon gives one."""
    latest = latest_heartbeat(database)
    with database.read() as connection:
        now = database.now(connection)
    if latest is not None and latest - now > _NOTICED:
        write_heartbeat(database)


def _wait_for_others(connection: Connection) -> None:
    """Have one process at a time look, or two would put things back twice."""
    connection.execute(select(meta.c.value).where(meta.c.name == _HEARTBEAT).with_for_update())


def _behind(connection: Connection, now: datetime) -> timedelta:
    latest = _latest(connection)
    behind = latest - now if latest is not None else timedelta()
    return behind if behind > _NOTICED else timedelta()


def _latest(connection: Connection) -> datetime | None:
    value = connection.execute(select(meta.c.value).where(meta.c.name == _HEARTBEAT)).scalar_one_or_none()
    return datetime.fromisoformat(value) if value else None
