"""The mark of a database: a cheap answer to "has anything been committed since?"."""

import asyncio
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
_PATIENCE_S = 1.0  # with somebody who asks, until the connection is closed


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

    async def take_here(self) -> Hashable | None:
        """Return the mark as `take` does, on PostgreSQL, in the thread of an event loop: nobody waits for the server.

        It takes a quarter of what a thread for it would. The connection has to be open, and `is_free`.
        """
        if not self._lock.acquire(blocking=False):  # a loop waits for no thread
            return None
        value = None
        try:
            value = await _ask(self._connection.pgconn, self._question.encode())
        except self._errors:
            return None
        finally:
            if value is None:  # else whoever asks next might get the answer to this question
                self._close()
            opened = self._opened
            self._lock.release()
        return None if value is None else (opened, value.decode())

    @property
    def is_free(self) -> bool:
        """Whether `take_here` can be called: the connection is open, and nobody else asks."""
        return self._connection is not None and not self._lock.locked()

    def close(self) -> None:
        """Close the connection; it is opened again if it is asked. An event loop that ends leaves it as it is."""
        if self._lock.acquire(timeout=_PATIENCE_S):
            try:
                self._close()
            finally:
                self._lock.release()

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


async def _ask(line: Any, question: bytes) -> bytes | None:
    """Ask a connection of libpq; return the one value of the answer, None if there is none."""
    loop = asyncio.get_running_loop()
    answered = loop.create_future()

    def read() -> None:
        try:
            line.consume_input()
            if not line.is_busy() and not answered.done():
                answered.set_result(None)
        except Exception as error:  # it is raised where it is awaited
            if not answered.done():
                answered.set_exception(error)

    place = line.socket
    loop.add_reader(place, read)
    try:
        line.send_query(question)
        await answered
    finally:
        loop.remove_reader(place)
    answer = line.get_result()
    while line.get_result():
        pass
    return answer.get_value(0, 0) if answer and answer.ntuples else None
