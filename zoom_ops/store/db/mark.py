"""The mark of a database: a cheap answer to "has anything been committed since?"."""

from collections.abc import Hashable
from contextlib import suppress
from threading import Lock
from typing import Any

from sqlalchemy import exc

from .connect import Database

_QUESTION = {
    "sqlite": "PRAGMA data_version",  # of a connection that writes nothing: it moves with the commits of all others
    "postgresql": "SELECT pg_current_snapshot()::text",
}


class CommitMark:
    """Takes the mark, on a connection of its own that it opens when it is first asked.

    Equal marks mean that the same rows are seen; unequal ones that something, anything, was perhaps committed. So who
    reads rows takes the mark first: what was read stands for as long as the mark is the same. Marks of two objects, or
    of two processes, are not comparable. On SQLite it costs a few microseconds and waits for nobody, on PostgreSQL a
    trip to the server.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._question = database, _QUESTION[database.engine.dialect.name]
        self._errors = (exc.SQLAlchemyError, database.engine.dialect.loaded_dbapi.Error)
        self._lock = Lock()
        self._connection: Any = None
        self._opened = 0  # marks of two connections are not comparable

    @property
    def is_instant(self) -> bool:
        """Whether the mark can be taken in the thread of an event loop."""
        return self._database.is_sqlite

    def take(self) -> Hashable | None:
        """Return the mark; None if the database does not answer: then nothing is known, and None equals no mark."""
        with self._lock:
            try:
                if self._connection is None:
                    self._open()
                row = self._connection.execute(self._question).fetchone()
            except self._errors:  # whoever needs rows now is told what is wrong
                self._close()
                return None
        return self._opened, row[0]

    def close(self) -> None:
        """Close the connection; it is opened again if it is asked."""
        with self._lock:
            self._close()

    def _open(self) -> None:
        pooled = self._database.engine.raw_connection()
        self._connection = pooled.driver_connection
        pooled.detach()
        self._opened += 1
        if self._database.is_sqlite:
            self._connection.execute("PRAGMA busy_timeout=0")
        else:
            self._connection.autocommit = True

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(*self._errors):
                self._connection.close()
        self._connection = None
