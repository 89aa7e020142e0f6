"""Open the database, SQLite or PostgreSQL, and hand out transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionError

from ...clock import Clock, ServerClock, SystemClock
from ...errors import ConfigurationError, PermanentError, TemporaryError, ZoomOpsError, first_line

BUSY_TIMEOUT_S = 20
POOL_WAIT_S = 10  # for a free connection
IDLE_S = 30  # longer than a call for a token, which is the one thing that is done within a transaction
_POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": POOL_WAIT_S}
_POSTGRESQL = {  # what the address does not say otherwise: a server that is gone is noticed, and waited for no longer
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "client_encoding": "utf8",  # whatever the machine's locale is
    "application_name": "zoom_ops",
}
_SESSION = {  # nothing waits for ever; the server notices within half a minute that we are gone, and frees our lock
    "lock_timeout": BUSY_TIMEOUT_S * 1000,
    "statement_timeout": 60_000,
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
_OURS_TO_MEND = (DataError, ProgrammingError, NotSupportedError)  # the statement is wrong, and stays so


class Database:
    """A database with a clock, on PostgreSQL the server's: `begin()` for a transaction, `read()` for reading."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self._server = None if engine.dialect.name == "sqlite" else ServerClock(clock)
        self.clock = self._server or clock
        self._writing = Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, so one machine and one writer."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def begin(self, *, durable: bool = True, patience_s: float | None = None) -> Iterator[Connection]:
        """Open a transaction, committed at the end of the block; in SQLite it holds the write lock from the start.

        It waits for others' locks BUSY_TIMEOUT_S, or `patience_s` where the caller's own caller does not wait so long.
        One that is not `durable` outlives the process, but is on the disk no sooner than the next durable one: a power
        cut may take the latest of them away, never an earlier without the later. It spares a wait for the disk.
        """
        wishes: dict[str, Any] = {} if patience_s is None else {"patience_s": patience_s}
        engine = self.engine.execution_options(durable=durable, **wishes)
        turn = self._turn(BUSY_TIMEOUT_S if patience_s is None else patience_s)
        with self._in_our_words(), turn, engine.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self, patience_s: float) -> Iterator[None]:
        """Let one thread at a time write to SQLite: it would have the others ask again and again, ever less often."""
        if not self.is_sqlite:
            yield
            return
        if not self._writing.acquire(timeout=patience_s):
            raise TemporaryError("The database did not answer: database is locked.")
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading; nothing is committed."""
        with self._in_our_words(), self.engine.connect().execution_options(read_only=True) as connection:
            yield connection

    def now(self, connection: Connection) -> datetime:
        """Tell the time by the clock that every process of this database shares."""
        if self._server is None:
            return self.clock.now()
        moment: datetime = connection.execute(select(text("clock_timestamp()"))).scalar_one()
        self._server.read(moment)
        return moment

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        """Turn the database's own errors to ours, without statement and row, which may hold secrets."""
        try:
            yield
        except NoConnectionError as error:
            raise TemporaryError("The database did not answer: all connections to it are taken.") from error
        except IntegrityError as error:
            raise TemporaryError("Something else was written at the same time; try again.") from error
        except DBAPIError as error:
            raise self._translated(error) from error

    def _translated(self, error: DBAPIError) -> ZoomOpsError:
        """Tell what passes (lock, full disk, a server that is gone or stands by) from what does not."""
        reason = first_line(error.orig)
        if "file is not a database" in reason or "malformed" in reason:
            return ConfigurationError(f"The database file {self.engine.url.database} is broken: {reason}.")
        wrong = isinstance(error, _OURS_TO_MEND) or type(error) is DatabaseError
        if wrong and not error.connection_invalidated:
            return PermanentError(f"The database refused this: {reason}.")
        if "readonly database" in reason:  # such a connection stays so, also when the file may be written again
            self.engine.dispose()
        return TemporaryError(f"The database did not answer: {reason}.")


def open_database(url: str, clock: Clock | None = None, *, idle_s: float = IDLE_S) -> Database:
    """Open the database at a `sqlite:///…` or `postgresql://…` address; nothing is created but SQLite's folder.

    On PostgreSQL, a transaction that stands still for `idle_s` is ended by the server: a process that was frozen in one
    must not hold its locks against who takes its work over.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError("DATABASE_URL is not an address such as postgresql://user@host/name.") from error
    backend = address.get_backend_name()
    if backend == "sqlite":
        told = _or_system(clock)
        return Database(_open_sqlite(address.render_as_string(hide_password=False), address.database, told), told)
    if backend == "postgresql":
        engine = _open_postgresql(address.set(drivername="postgresql+psycopg"), idle_s)
        return Database(engine, _or_system(clock))
    hint = " Write postgresql:// instead of postgres://." if backend == "postgres" else ""
    raise ConfigurationError(f"DATABASE_URL names {backend}; zoom_ops keeps its records in SQLite or PostgreSQL.{hint}")


def _or_system(clock: Clock | None) -> Clock:
    return clock or SystemClock()


def manner_of(address: URL) -> dict[str, Any]:
    """Tell how we speak to a server at this address, in libpq's words, as far as the address does not say."""
    return {name: value for name, value in _POSTGRESQL.items() if name not in address.query}


def _open_postgresql(address: URL, idle_s: float) -> Engine:
    engine = create_engine(address, pool_pre_ping=True, connect_args=manner_of(address), **_POOL)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        session = _SESSION | {"idle_in_transaction_session_timeout": int(idle_s * 1000)}
        for name, value in session.items():
            connection.execute(f"SET {name} = {value}")
        connection.commit()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if patience_s := options.get("patience_s"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(patience_s * 1000)}")
        if not options.get("durable", True):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")

    return engine


def _open_sqlite(url: str, path: str | None, clock: Clock) -> Engine:
    if path and path != ":memory:":
        _make_private(Path(path))
    pool = {} if path == ":memory:" else _POOL
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}, **pool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_S}000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _switch_to_wal(connection, clock)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        patience_s = options.get("patience_s", BUSY_TIMEOUT_S)
        connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience_s * 1000)}")
        if not options.get("read_only"):
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN" if options.get("read_only") else "BEGIN IMMEDIATE")

    return engine


def _switch_to_wal(connection: Any, clock: Clock) -> None:
    """Switch to write-ahead logging; two first starts collide here, and SQLite does not wait by itself."""
    for attempts_left in reversed(range(100)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if not attempts_left:
                raise
            clock.sleep(0.05)


def _make_private(path: Path) -> None:
    """Make the database file if it is not there, readable for nobody else: it holds addresses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ConfigurationError(f"The database file {path} cannot be opened: {error.strerror}.") from error
