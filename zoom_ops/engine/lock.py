"""One process does the work: a file lock beside SQLite, an advisory lock in PostgreSQL, which a cluster shares."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from ..errors import ConfigurationError
from ..store.db.connect import Database

_WORK_LOCK, _USE_LOCK = 7_266_002, 7_266_005
BEING_MOVED = "The database is being copied to another one; nothing starts on it meanwhile."


class WorkLock(Protocol):
    """The right to do work; it is lost with the process."""

    def acquire(self) -> bool:
        """Take it if it is free; True also where we hold it already."""
        ...

    def release(self) -> None:
        """Give it back."""
        ...


class FileLock:
    """A lock on a file beside the database; the file holds the number of the process that took it last."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._path = path
        self._kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take it if it is free; looks at the file even where we hold it: one that is deleted keeps nobody out."""
        if self._file is not None and not self._is_there(self._file):
            self.release()
        if self._file is None:
            self._file = self._take()
        return self._file is not None

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _take(self) -> int | None:
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigurationError(f"The lock file {self._path} cannot be opened: {error.strerror}.") from error
        try:
            fcntl.flock(handle, self._kind | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        if not self._is_there(handle):  # deleted in between
            os.close(handle)
            return None
        with suppress(OSError):  # a full disk: the number is for people, and the lock holds without it
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        return handle

    def _is_there(self, handle: int) -> bool:
        """Tell whether the file that we hold is the one that others would open."""
        try:
            return os.path.samestat(os.fstat(handle), os.stat(self._path))
        except OSError:
            return False


class AdvisoryLock:
    """A PostgreSQL advisory lock, held by a connection of its own; a `shared` one keeps out only who works alone."""

    def __init__(self, database: Database, *, shared: bool = False, key: int = _WORK_LOCK) -> None:
        self._database, self._key = database, key
        self._take_it = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
        self._connection: Connection | None = None
        self._one_at_a_time = Lock()

    def acquire(self) -> bool:
        """Take it if it is free; asks the database even where we held it, since a lost connection loses it."""
        with self._one_at_a_time:
            if self._is_held():
                return True
            try:
                return self._take()
            except SQLAlchemyError:
                return False

    def release(self) -> None:
        """Give it back, so that it is free at once: PostgreSQL notes a moment late that a connection has ended."""
        with self._one_at_a_time:
            with suppress(SQLAlchemyError):
                if self._connection is not None:
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            self._let_go()

    def _is_held(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
        except SQLAlchemyError:
            self._let_go()
        return False

    def _let_go(self) -> None:
        if self._connection is not None:
            lost, self._connection = self._connection, None
            with suppress(SQLAlchemyError):
                lost.invalidate()
                lost.close()

    def _take(self) -> bool:
        connection = self._database.engine.connect()
        try:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            taken = bool(connection.execute(text(f"SELECT {self._take_it}({self._key})")).scalar_one())
        except SQLAlchemyError:
            connection.invalidate()
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken


def open_lock(database: Database) -> WorkLock:
    """Choose the lock that fits the database: who works with the same one must meet the same lock."""
    if not database.is_sqlite:
        return AdvisoryLock(database)
    return FileLock(_beside(database, ".lock"))


def open_use_lock(database: Database, *, shared: bool) -> WorkLock:
    """Choose the lock that all daemons of a database share, also those that only show pages; who moves it is alone."""
    if not database.is_sqlite:
        return AdvisoryLock(database, shared=shared, key=_USE_LOCK)
    return FileLock(_beside(database, ".use.lock"), shared=shared)


def refuse_while_moved(database: Database) -> None:
    """Raise ConfigurationError while everything in a file is being moved elsewhere: nobody else gets at it meanwhile.

    A server lets others read; there a daemon waits a moment for the lock before it gives up.
    """
    if not database.is_sqlite:
        return
    lock = open_use_lock(database, shared=True)
    if not lock.acquire():
        raise ConfigurationError(BEING_MOVED)
    lock.release()


def _beside(database: Database, suffix: str) -> Path:
    return Path(database.engine.url.database or "zoom_ops.db").resolve().with_suffix(suffix)
