"""One state of the database for a whole answer, and the questions that were asked of it, to be asked again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from sys import intern
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event

if TYPE_CHECKING:
    from .connect import Database

_MOST = 50  # questions of one answer
_READS = ("SELECT", "WITH")
_Question = tuple[str, Any]  # a statement with its parameters

current: ContextVar["Snapshot | None"] = ContextVar("snapshot", default=None)
"""The snapshot that `Database.read` reads from, here and in the threads that are started from here."""
_are_covered: ContextVar[bool] = ContextVar("are_covered", default=False)


@contextmanager
def covered() -> Iterator[None]:
    """Let no snapshot ask again what is asked in this block.

    For rows that stay the same as long as those of a question that was asked before, such as the version of all lists.
    """
    token = _are_covered.set(True)
    try:
        yield
    finally:
        _are_covered.reset(token)


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What an answer was made of: the questions that it asked of the database, and a digest of all rows it got.

    Those are left out that others cover.
    """

    questions: tuple[_Question, ...]
    digest: bytes

    @property
    def size(self) -> int:
        """Roughly the bytes that it takes. The statements are shared."""
        return 200 + sum(100 + len(repr(parameters)) for _, parameters in self.questions)

    def are_current(self, database: "Database") -> bool:
        """Ask again, in one state of the database, and return whether each row is as it was."""
        with database.open_snapshot() as connection:
            return _digest(connection, self.questions) == self.digest


class Snapshot:
    """A connection that is opened when it is first needed, and sees the same rows until it is closed.

    Several threads may use it one after another. It only reads.
    """

    def __init__(self, database: "Database") -> None:
        self.database = database
        self._connection: Connection | None = None
        self._questions: list[_Question] = []
        self._only_reads = True

    @property
    def connection(self) -> Connection:
        """The connection."""
        if self._connection is None:
            self._connection = self.database.open_snapshot()
            event.listen(self._connection, "before_cursor_execute", self._note)
        return self._connection

    @contextmanager
    def serve(self) -> Iterator[None]:
        """Let all that is read in this block, and in the threads that are started in it, be read from here."""
        token = current.set(self)
        try:
            yield
        finally:
            current.reset(token)

    def finish(self) -> Readings | None:
        """Return what was asked with the digest of its rows; None if it cannot be asked again. Then close it."""
        try:
            if not self._only_reads or len(self._questions) > _MOST:
                return None
            questions = tuple(self._questions)
            return Readings(questions=questions, digest=_digest(self.connection, questions))
        finally:
            self.close()

    def close(self) -> None:
        """Give the connection back. Idempotent."""
        if self._connection is not None:
            event.remove(self._connection, "before_cursor_execute", self._note)
            self._connection.close()
        self._connection = None

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: Any) -> None:
        self._only_reads = self._only_reads and not many and statement.lstrip().startswith(_READS)
        if not _are_covered.get():
            self._questions.append((intern(statement), parameters))


@contextmanager
def one_state(database: "Database") -> Iterator[None]:
    """Let all that is read in this block see one state of the database, by one connection. Nothing is written in it."""
    if current.get() is not None or database.is_joined:
        yield
        return
    snapshot = Snapshot(database)
    try:
        with snapshot.serve():
            yield
    finally:
        snapshot.close()


def _digest(connection: Connection, questions: tuple[_Question, ...]) -> bytes:
    """Ask the questions of the driver itself: nothing is parsed, and nothing of the answers is kept."""
    digest, cursor = sha256(), connection.connection.cursor()
    try:
        for statement, parameters in questions:
            cursor.execute(statement, parameters)
            digest.update(repr(cursor.fetchall()).encode("utf-8", "surrogatepass"))
    finally:
        cursor.close()
    return digest.digest()
