"""Open the database, SQLite or PostgreSQL, and hand out transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError

from ..clock import Clock, SystemClock
from ..errors import ConfigurationError, PermanentError, TemporaryError

BUSY_TIMEOUT_S = 20


class Database:
    """A database with a clock: `begin()` for a transaction, `read()` for reading."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, so one machine and one writer."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction, committed at the end of the block; in SQLite it holds the write lock from the start."""
        with self._in_our_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading; nothing is committed."""
        with self._in_our_words(), self.engine.connect().execution_options(read_only=True) as connection:
            yield connection

    def now(self, connection: Connection) -> datetime:
        """Tell the time by the clock that every process of this database shares."""
        if self.is_sqlite:
            return self.clock.now()
        moment: datetime = connection.execute(select(text("clock_timestamp()"))).scalar_one()
        return moment

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        """Turn the database's own errors to ours, without statement and row, which may hold secrets."""
        try:
            yield
        except OperationalError as error:
            raise TemporaryError(f"The database did not answer: {_first_line(error)}.") from error
        except IntegrityError as error:
            raise TemporaryError("Something else was written at the same time; try again.") from error
        except DBAPIError as error:
            reason = _first_line(error)
            if "file is not a database" in reason or "malformed" in reason:
                file = self.engine.url.database
                raise ConfigurationError(f"The database file {file} is broken: {reason}.") from error
            raise PermanentError(f"The database refused this: {reason}.") from error


def open_database(url: str, clock: Clock | None = None) -> Database:
    """Open the database at a `sqlite:///…` or `postgresql://…` address; nothing is created but SQLite's folder."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("DATABASE_URL is not an address such as postgresql://user@host/name.") from error
    backend = address.get_backend_name()
    if backend == "sqlite":
        told = _or_system(clock)
        return Database(_open_sqlite(address.render_as_string(hide_password=False), address.database, told), told)
    if backend == "postgresql":
        plain = address.set(drivername="postgresql+psycopg")
        return Database(create_engine(plain, pool_pre_ping=True, pool_size=10, max_overflow=20), _or_system(clock))
    raise ConfigurationError(f"DATABASE_URL names {backend}; zoom_ops keeps its records in SQLite or PostgreSQL.")


def _or_system(clock: Clock | None) -> Clock:
    return clock or SystemClock()


def _open_sqlite(url: str, path: str | None, clock: Clock) -> Engine:
    if path and path != ":memory:":
        _make_private(Path(path))
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_S}000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _switch_to_wal(connection, clock)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

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


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig).splitlines() or ["no reason given"])[0].rstrip(".")
