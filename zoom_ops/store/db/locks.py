"""Named locks across all threads and processes of one database: PostgreSQL's own, or a lock file beside SQLite."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from ...errors import TemporaryError
from .connect import Database

_LOOK_S = 0.02  # between two attempts to lock the file


@contextmanager
def alone(database: Database, name: str, seconds: float) -> Iterator[None]:
    """Hold the lock `name` during the block; raise TemporaryError if another holder keeps it for `seconds`."""
    if not database.is_sqlite:
        with database.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = {max(1, int(seconds * 1000))}"))
            exclude_others(connection, name)
            yield
    elif path := database.engine.url.database:
        with _lock_file(database, Path(path).resolve(), name, seconds):
            yield
    else:
        yield  # a database in memory has no other user


def exclude_others(connection: Connection, name: str) -> None:
    """Hold the lock `name` until the transaction ends. In SQLite its write lock does this already."""
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


@contextmanager
def _lock_file(database: Database, path: Path, name: str, seconds: float) -> Iterator[None]:
    """Lock a file and not SQLite itself: the holder of SQLite's lock keeps everybody from writing."""
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
