"""Connections and transactions of a SQLite or PostgreSQL database."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, FromClause, create_engine, event, exc, select, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from ...clock import Clock, ServerClock, SystemClock
from ...errors import ConfigurationError, PermanentError, TemporaryError, ZoomOpsError, first_line
from .postgresql import BUSY_TIMEOUT_S, connect_to_server
from .snapshot import current

POOL_WAIT_S = 10  # for a free connection
IDLE_S = 30  # longer than a request for a token, the only slow call that is made within a transaction
_POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": POOL_WAIT_S}
_STAY_OPEN = 2  # connections to SQLite, however long nothing happens

_PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_S}000",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-512",  # KB of each connection, of which there are up to 30; the system has the file in memory anyway
)
_WORDS = "CREATE VIRTUAL TABLE temp.event_word USING fts5vocab(main, event_fts, row)"  # the words that the index has

_joined: ContextVar[tuple["Database", Connection] | None] = ContextVar("joined", default=None)


class Database:
    """A database and its clock (on PostgreSQL the server's): `begin()` opens a transaction, `read()` a reading one."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self._server = None if engine.dialect.name == "sqlite" else ServerClock(clock)
        self.clock = self._server or clock
        self._writing = Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite: one machine, and one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def begin(self, *, durable: bool = True, patience_s: float | None = None) -> Iterator[Connection]:
        """Open a transaction and commit it at the end of the block; in SQLite it holds the write lock from the start.

        It waits BUSY_TIMEOUT_S for the locks of others, or `patience_s` where the caller has less time.
        A transaction that is not `durable` survives the end of the process, but reaches the disk no sooner than the
        next durable one. A power cut may lose the latest of them, but never an earlier one without the later ones.
        This saves a wait for the disk.
        Raises TemporaryError where another attempt may succeed, PermanentError for a statement that the database
        refuses, and ConfigurationError for a broken database file.
        """
        if (joined := self._joined()) is not None:
            with self._translate_errors(), joined.begin_nested():
                yield joined
            return
        options: dict[str, Any] = {} if patience_s is None else {"patience_s": patience_s}
        engine = self.engine.execution_options(durable=durable, **options)
        lock = self._write_lock(BUSY_TIMEOUT_S if patience_s is None else patience_s)
        with self._translate_errors(), lock, engine.begin() as connection:
            yield connection

    @contextmanager
    def joined(self) -> Iterator[Connection]:
        """Open a transaction that all others of this thread join until the end of the block: all of them, or none.

        Nothing that is written in it may wait for another machine.
        """
        with self.begin() as connection:
            token = _joined.set((self, connection))
            try:
                yield connection
            finally:
                _joined.reset(token)

    @property
    def is_joined(self) -> bool:
        """Whether this thread is in a block of `joined`: it reads what may yet be undone."""
        return self._joined() is not None

    def _joined(self) -> Connection | None:
        database, connection = _joined.get() or (None, None)
        return connection if database is self else None

    @contextmanager
    def _write_lock(self, patience_s: float) -> Iterator[None]:
        """Let one thread at a time write to SQLite. SQLite itself would let the others poll, at growing intervals."""
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
        """Open a connection for reading; it commits nothing and raises the same errors as `begin`.

        On PostgreSQL there is no transaction: each statement sees what is committed when it begins.
        """
        if (joined := self._joined()) is not None:
            with self._translate_errors():
                yield joined
            return
        if (snapshot := current.get()) is not None and snapshot.database is self:
            with self._translate_errors():
                yield snapshot.connection
            return
        with self._translate_errors(), self.engine.connect().execution_options(read_only=True) as connection:
            yield connection

    def open_snapshot(self) -> Connection:
        """Open a connection for reading that sees one state of the database until it is closed."""
        options: dict[str, Any] = {"read_only": True}
        if not self.is_sqlite:
            options["isolation"] = "REPEATABLE READ"
        with self._translate_errors(), ExitStack() as opened:
            connection = opened.enter_context(self.engine.connect()).execution_options(**options)
            connection.begin()
            opened.pop_all()
        return connection

    def now(self, connection: Connection) -> datetime:
        """Return the time of the clock that all processes of this database share."""
        if self._server is None:
            return self.clock.now()
        moment: datetime = connection.execute(select(text("clock_timestamp()"))).scalar_one()
        self._server.read(moment)
        return moment

    def ask_clock(self) -> datetime:
        """Return the time of that clock, asked in a transaction of its own."""
        with self.read() as connection:
            return self.now(connection)

    def let_go(self) -> None:
        """Close the connections to SQLite while none is needed and many are open: each keeps half a megabyte."""
        pool = self.engine.pool
        if self.is_sqlite and isinstance(pool, QueuePool) and pool.checkedin() > _STAY_OPEN and not pool.checkedout():
            self.engine.dispose()  # what begins meanwhile opens its own

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Turn the database's errors into ours, without the statement and the row, which may hold secrets."""
        try:
            yield
        except exc.TimeoutError as error:
            raise TemporaryError("The database did not answer: all connections to it are taken.") from error
        except exc.IntegrityError as error:
            raise TemporaryError("Something else was written at the same time; try again.") from error
        except exc.DBAPIError as error:
            raise self._translate(error) from error

    def _translate(self, error: exc.DBAPIError) -> ZoomOpsError:
        """Separate temporary errors (a lock, a full disk, a server that is lost or in standby) from permanent ones."""
        reason = first_line(error.orig)
        if "file is not a database" in reason or "malformed" in reason:
            return ConfigurationError(f"The database file {self.engine.url.database} is broken: {reason}.")
        wrong = exc.DataError | exc.ProgrammingError | exc.NotSupportedError
        is_wrong = isinstance(error, wrong) or type(error) is exc.DatabaseError
        if is_wrong and not error.connection_invalidated:
            return PermanentError(f"The database refused this: {reason}.")
        if "readonly database" in reason:  # the connection stays read-only even when the file is writable again
            self.engine.dispose()
        return TemporaryError(f"The database did not answer: {reason}.")


def open_database(url: str, clock: Clock | None = None, *, idle_s: float = IDLE_S) -> Database:
    """Open the database at a `sqlite:///…` or `postgresql://…` address; raise ConfigurationError for any other.

    For SQLite this creates the folder and the file, but no tables. PostgreSQL ends a transaction that is idle for
    `idle_s` seconds: a process that froze in a transaction must not keep its locks from the process that takes over.
    """
    clock = clock or SystemClock()
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise ConfigurationError("DATABASE_URL is not an address such as postgresql://user@host/name.") from error
    backend = address.get_backend_name()
    if backend == "sqlite":
        return Database(_open_sqlite(address.render_as_string(hide_password=False), address.database, clock), clock)
    if backend == "postgresql":
        return Database(connect_to_server(address.set(drivername="postgresql+psycopg"), clock, idle_s, _POOL), clock)
    hint = " Write postgresql:// instead of postgres://." if backend == "postgres" else ""
    raise ConfigurationError(f"DATABASE_URL names {backend}; zoom_ops keeps its records in SQLite or PostgreSQL.{hint}")


class _CompilerWithHints(SQLiteCompiler):
    """Writes the hint of a table, such as `INDEXED BY …`, behind its name; SQLAlchemy does so for other databases."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002
        return text


def _open_sqlite(url: str, path: str | None, clock: Clock) -> Engine:
    if path and path != ":memory:":  # created, if it is new, readable by its owner alone: it holds e-mail addresses
        file = Path(path)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise ConfigurationError(f"The database file {file} cannot be opened: {error.strerror}.") from error
    pool = {} if path == ":memory:" else _POOL
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}, **pool)
    engine.dialect.statement_compiler = _CompilerWithHints

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # our own listener sends BEGIN
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        _switch_to_wal(connection, clock)
        connection.execute(_WORDS)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        patience_s = options.get("patience_s", BUSY_TIMEOUT_S)
        if connection.info.get("patience_s", BUSY_TIMEOUT_S) != patience_s:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience_s * 1000)}")
            connection.info["patience_s"] = patience_s
        if not options.get("read_only"):
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN" if options.get("read_only") else "BEGIN IMMEDIATE")

    return engine


def _switch_to_wal(connection: Any, clock: Clock) -> None:
    """Switch to write-ahead logging. Two first starts collide here, and SQLite does not wait by itself."""
    for attempts_left in reversed(range(100)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if not attempts_left:
                raise
            clock.sleep(0.05)
