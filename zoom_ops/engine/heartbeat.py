"""The engine's heartbeat, by the database's clock. It also reveals that this clock was put back."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..store.db.clock_rewind import put_back
from ..store.db.connect import Database
from ..store.db.facts import find_fact, forget_facts, keep_fact, lock_fact

_HEARTBEAT = "heartbeat"
_STOPPED = "stopped"  # the row of meta that says that the last process has stopped since its heartbeat
_NOTICED = timedelta(seconds=10)  # a smaller step back of the clock is ignored: waiting gets over it


def write_heartbeat(database: Database) -> timedelta:
    """Write the heartbeat; return by how much the clock was put back since the last one (zero in most cases).

    If the clock was put back, the stored due times move back with it in the same transaction.
    """
    with database.begin() as connection:
        # Lock the row: two processes that notice the step at once would move the due times twice.
        lock_fact(connection, _HEARTBEAT)
        now, latest = database.now(connection), _latest(connection)
        behind = latest - now if latest is not None and latest - now > _NOTICED else timedelta()
        if behind:
            put_back(connection, now, behind)
        keep_fact(connection, _HEARTBEAT, now.isoformat())
        forget_facts(connection, _STOPPED)
        return behind


def end_heartbeat(connection: Connection, now: datetime) -> None:
    """Note that the last process that performs runs has stopped, until the next heartbeat.

    The heartbeat stays: from it counts how long the service was down.
    """
    keep_fact(connection, _STOPPED, now.isoformat())


def has_stopped(connection: Connection) -> bool:
    """Return whether the last process that performs runs has said that it stops."""
    return find_fact(connection, _STOPPED) is not None


def latest_heartbeat(database: Database) -> datetime | None:
    """Return the time of the latest heartbeat, or None."""
    with database.read() as connection:
        return _latest(connection)


def is_alive(database: Database, within: timedelta) -> bool:
    """Return whether the latest heartbeat is at most `within` away."""
    with database.read() as connection:
        return look_for_life(connection, database.now(connection), within)[0]


def look_for_life(connection: Connection, now: datetime, within: timedelta) -> tuple[bool, datetime | None]:
    """Return whether the latest heartbeat is at most `within` away, and when it was.

    A heartbeat further ahead than that does not count: the clock was put back since.
    """
    beat = _latest(connection)
    return beat is not None and abs(now - beat) <= within, beat


def follow_clock(database: Database) -> None:
    """Write a heartbeat if the clock was put back; for commands that run without a daemon."""
    latest, now = latest_heartbeat(database), database.ask_clock()
    if latest is not None and latest - now > _NOTICED:
        write_heartbeat(database)


def forget_heartbeat(connection: Connection, now: datetime, latest: datetime | None) -> None:
    """Forget the sign of life in a restored database: it says when the backup was made, not when work stopped.

    If the `latest` thing that it knows lies ahead, the clock was put back since. Then the stored due times move back.
    """
    if latest is not None and latest - now > _NOTICED:
        put_back(connection, now, latest - now)
    forget_facts(connection, _HEARTBEAT, _STOPPED)


def _latest(connection: Connection) -> datetime | None:
    value = find_fact(connection, _HEARTBEAT)
    return datetime.fromisoformat(value) if value else None
