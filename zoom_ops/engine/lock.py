"""The work lock: a file lock beside SQLite, an advisory lock in PostgreSQL that a cluster shares."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from ..errors import BesideOthersError, ConfigurationError
from ..store.db.connect import Database

_WORK_LOCK, _USE_LOCK = 7_266_002, 7_266_005
BEING_MOVED = "The database is being moved or restored; nothing starts on it meanwhile."


class FileLock:
    """A lock on a file beside the database. The file holds the id of the process that took it last."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._path = path
        self._kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free. Checks the file even while we hold it: a deleted file locks nobody out."""
        if self._file is not None and not self._is_there(self._file):
            self.release()
        if self._file is None:
            self._file = self._take()
        return self._file is not None

    def release(self) -> None:
        """Release the lock."""
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
        with suppress(OSError):  # on a full disk: the process id is only for people, the lock holds without it
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        return handle

    def _is_there(self, handle: int) -> bool:
        """Return whether the file that we hold is the one that others would open."""
        try:
            return os.path.samestat(os.fstat(handle), os.stat(self._path))
        except OSError:
            return False


class AdvisoryLock:
    """A PostgreSQL advisory lock, held by its own connection. `shared` locks exclude only an exclusive one."""

    def __init__(self, database: Database, *, shared: bool = False, key: int = _WORK_LOCK) -> None:
        self._database, self._key = database, key
        self._try_lock = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
        self._connection: Connection | None = None
        self._one_at_a_time = Lock()

    def acquire(self) -> bool:
        """Take the lock if it is free. Asks the database even while we hold it: a lost connection loses the lock."""
        with self._one_at_a_time:
            if self._connection is not None:
                try:
                    self._connection.execute(text("SELECT 1"))
                    return True
                except SQLAlchemyError:
                    self._let_go()
            try:
                return self._take()
            except SQLAlchemyError:
                return False

    def release(self) -> None:
        """Unlock, so that the lock is free at once: PostgreSQL notices the end of a connection a moment late."""
        with self._one_at_a_time:
            with suppress(SQLAlchemyError):
                if self._connection is not None:
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            self._let_go()

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
            taken = bool(connection.execute(text(f"SELECT {self._try_lock}({self._key})")).scalar_one())
        except SQLAlchemyError:
            connection.invalidate()
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken


WorkLock = FileLock | AdvisoryLock
"""The right to do work. It ends with the process."""


def open_lock(database: Database) -> WorkLock:
    """Build the work lock of a database. All processes on one database get the same lock."""
    if not database.is_sqlite:
        return AdvisoryLock(database)
    return FileLock(_beside(_path(database), ".lock"))


def open_file_locks(path: Path) -> tuple[FileLock, FileLock]:
    """Build the work lock and the exclusive use lock of a SQLite file, which need not be there."""
    return FileLock(_beside(path, ".lock")), FileLock(_beside(path, ".use.lock"))


def open_use_lock(database: Database, *, shared: bool) -> WorkLock:
    """Build the use lock of a database: all daemons share it, also those that only show pages.

    The commands that move or restore the database take it exclusively.
    """
    if not database.is_sqlite:
        return AdvisoryLock(database, shared=shared, key=_USE_LOCK)
    return FileLock(_beside(_path(database), ".use.lock"), shared=shared)


@contextmanager
def keep_others_out(*locks: WorkLock, refusal: str) -> Iterator[Callable[[], bool]]:
    """Hold locks for the block; raise BesideOthersError with `refusal` where another process holds one.

    Yield a function that returns whether all are still held, or could be taken again.
    """

    def are_held() -> bool:
        return all(lock.acquire() for lock in locks)

    try:
        if not are_held():
            raise BesideOthersError(refusal)
        yield are_held
    finally:
        for lock in locks:
            lock.release()


def refuse_while_moved(database: Database) -> None:
    """Raise ConfigurationError while an SQLite database is being moved: nothing else may open it meanwhile.

    PostgreSQL lets others read during a move; there a daemon waits a moment for the lock before it gives up.
    """
    if not database.is_sqlite:
        return
    lock = open_use_lock(database, shared=True)
    if not lock.acquire():
        raise ConfigurationError(BEING_MOVED)
    lock.release()


def _path(database: Database) -> Path:
    return Path(database.engine.url.database or "zoom_ops.db")


def _beside(path: Path, suffix: str) -> Path:
    return path.resolve().with_suffix(suffix)
