"""Do something alone among all threads and processes of one database: by a lock in PostgreSQL, a file beside SQLite."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from ...errors import TemporaryError
from .connect import Database

_LOOK_S = 0.02


@contextmanager
def alone(database: Database, name: str, seconds: float) -> Iterator[None]:
    """Keep all others out of the block that bear the same name; raise TemporaryError if that takes too many seconds."""
    if not database.is_sqlite:
        with _alone_in_postgresql(database, name, seconds):
            yield
    elif path := database.engine.url.database:
        with _alone_by_file(database, Path(path).resolve(), name, seconds):
            yield
    else:
        yield  # in memory: nobody else has it


def exclude_others(connection: Connection, name: str) -> None:
    """Have all others that bear the same name wait for this transaction; in SQLite the write lock does that already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _number_of(name)})


@contextmanager
def _alone_in_postgresql(database: Database, name: str, seconds: float) -> Iterator[None]:
    with database.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, int(seconds * 1000))}"))
        exclude_others(connection, name)
        yield


@contextmanager
def _alone_by_file(database: Database, path: Path, name: str, seconds: float) -> Iterator[None]:
    """SQLite's own lock is not for waiting: whoever holds it keeps everybody from writing."""
    beside = path.with_name(f"{path.stem}.{name.replace(' ', '-')}.lock")
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise TemporaryError(f"The lock file {beside} cannot be opened: {error.strerror}.") from error
    try:
        _take(database, handle, seconds)
        yield
    finally:
        os.close(handle)


def _take(database: Database, handle: int, seconds: float) -> None:
    for left in reversed(range(max(1, int(seconds / _LOOK_S)))):
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not left:
                raise TemporaryError("Another process holds a lock for too long; it is tried again.") from None
            database.clock.sleep(_LOOK_S)
    return None


def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
