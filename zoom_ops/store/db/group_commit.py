"""Group commit: many writes in one transaction, with one wait for the disk."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from ...errors import TemporaryError
from .connect import Database

PRESSED = 20  # writes within a second

Thing = TypeVar("Thing")
Result = TypeVar("Result")
WriteAll = Callable[[Connection, Sequence[Thing]], Sequence[Result]]
"""Writes things and returns one result for each."""


class GroupCommit:
    """Writes many things in one transaction; a thing that fails does not affect the others.

    `patience_s` is how long it waits for the locks of others, in seconds.
    """

    def __init__(self, database: Database, patience_s: float) -> None:
        self._database, self._patience_s = database, patience_s
        self._latest: deque[float] = deque(maxlen=PRESSED)

    def write(self, write_all: WriteAll[Thing, Result], things: Sequence[Thing]) -> list[Result | Exception]:
        """Write things in one transaction, commit, and return for each the result of `write_all` or its error.

        Where the common transaction fails, it is rolled back and `write_all` is called a second time for each thing.
        """
        self._latest.extend([self._database.clock.elapsed()] * len(things))
        try:
            return list(self._write_all(write_all, things))
        except Exception as error:
            if len(things) == 1:
                return [error]
        results: list[Result | Exception] = []
        for thing in things:  # each in a transaction of its own, to find the one that fails
            try:
                results.extend(self._write_all(write_all, [thing]))
            except TemporaryError as error:  # the database does not answer: the rest does not wait for it again
                return results + [error] * (len(things) - len(results))
            except Exception as error:
                results.append(error)
        return results

    def is_pressed(self) -> bool:
        """Return whether so much is written right now (PRESSED things within a second) that other work should wait."""
        latest = tuple(self._latest)
        return len(latest) == PRESSED and self._database.clock.elapsed() - latest[0] < 1

    def _write_all(self, write_all: WriteAll[Thing, Result], things: Sequence[Thing]) -> Sequence[Result]:
        with self._database.begin(patience_s=self._patience_s) as connection:
            return write_all(connection, things)
