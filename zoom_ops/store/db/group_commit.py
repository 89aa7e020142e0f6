"""Commit together what came together: one transaction, one wait for the disk."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from ...errors import TemporaryError
from .connect import Database

PRESSED = 20  # writes within a second

Thing = TypeVar("Thing")
Told = TypeVar("Told")
WriteAll = Callable[[Connection, Sequence[Thing]], Sequence[Told]]
"""Writes things, and tells one for each."""


class GroupCommit:
    """Writes many things in one transaction, so that one which fails takes no other with it.

    `patience_s` is how long others' locks are waited for.
    """

    def __init__(self, database: Database, patience_s: float) -> None:
        self._database, self._patience_s = database, patience_s
        self._latest: deque[float] = deque(maxlen=PRESSED)

    def write(self, write_all: WriteAll[Thing, Told], things: Sequence[Thing]) -> list[Told | Exception]:
        """Write things in one transaction; give for each, once it is committed, what `write_all` told, or its error.

        `write_all` may be called twice for a thing, where what was written with it failed; the first time leaves no
        trace.
        """
        self._latest.extend([self._database.clock.elapsed()] * len(things))
        try:
            return list(self._write_all(write_all, things))
        except Exception as error:
            return [error] if len(things) == 1 else self._write_each(write_all, things)

    def is_pressed(self) -> bool:
        """Tell whether so much is written at the moment that other work had better wait."""
        latest = tuple(self._latest)
        return len(latest) == PRESSED and self._database.clock.elapsed() - latest[0] < 1

    def _write_each(self, write_all: WriteAll[Thing, Told], things: Sequence[Thing]) -> list[Told | Exception]:
        """Write each by itself: so it shows whose error it is."""
        told: list[Told | Exception] = []
        for thing in things:
            try:
                told.extend(self._write_all(write_all, [thing]))
            except TemporaryError as error:  # the database does not answer: nobody waits for it once more
                return told + [error] * (len(things) - len(told))
            except Exception as error:
                told.append(error)
        return told

    def _write_all(self, write_all: WriteAll[Thing, Told], things: Sequence[Thing]) -> Sequence[Told]:
        with self._database.begin(patience_s=self._patience_s) as connection:
            return write_all(connection, things)
