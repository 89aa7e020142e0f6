"""Group commit: many writes in one transaction, with one wait for the disk."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from ...errors import TemporaryError
from .connect import Database

PRESSED = 20  # things within a second, from which on other work gives way
_PAUSES_S = (0.05, 0.25)  # of other work, between two pieces of it
_A_SECOND = 4_000  # things within a second for each second of a pause

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
        self._latest: deque[tuple[float, int]] = deque(maxlen=1_000)  # when, and how many

    def write(self, write_all: WriteAll[Thing, Result], things: Sequence[Thing]) -> list[Result | Exception]:
        """Write things in one transaction, commit, and return for each the result of `write_all` or its error.

        Where the common transaction fails, it is rolled back and `write_all` is called a second time for each thing.
        """
        self._latest.append((self._database.clock.elapsed(), len(things)))
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

    def pause_s(self) -> float:
        """Return how long other work should pause between two pieces of it, see `pause_after`."""
        since = self._database.clock.elapsed() - 1
        return pause_after(sum(count for moment, count in tuple(self._latest) if moment > since))

    def _write_all(self, write_all: WriteAll[Thing, Result], things: Sequence[Thing]) -> Sequence[Result]:
        with self._database.begin(patience_s=self._patience_s) as connection:
            return write_all(connection, things)


def pause_after(things: int) -> float:
    """Return how long other work should pause, in seconds, after so many things within a second; 0 below PRESSED.

    The more there are, the longer: other work takes processor time that they need.
    """
    shortest, longest = _PAUSES_S
    return 0.0 if things < PRESSED else min(longest, max(shortest, things / _A_SECOND))
