"""Commit together what several threads write at the same moment: one transaction, one wait for the disk."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from ..errors import TemporaryError
from .connect import Database

PRESSED = 20  # writes within a second
MOST = 50  # writes in one transaction: a failing one makes as many be done again, each by itself

Thing = TypeVar("Thing")
Told = TypeVar("Told")


@dataclass(eq=False)
class _Wish(Generic[Thing, Told]):
    """What one thread wants written, and what became of it."""

    write_all: Callable[[Connection, Sequence[Thing]], Sequence[Told]]
    thing: Thing
    told: list[Told] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def settled(self) -> bool:
        return bool(self.told) or self.error is not None


class Together:
    """Writes for many threads: who comes first writes for all who wait; each goes on once its own is committed.

    `patience_s` is how long others' locks are waited for.
    """

    def __init__(self, database: Database, patience_s: float) -> None:
        self._database, self._patience_s = database, patience_s
        self._turn = Lock()
        self._waiting: deque[_Wish[Any, Any]] = deque()
        self._latest: deque[float] = deque(maxlen=PRESSED)

    def write(self, write_all: Callable[[Connection, Sequence[Thing]], Sequence[Told]], thing: Thing) -> Told:
        """Write a thing in a transaction, alone or with others, and give what `write_all` told of it, or raise.

        `write_all` tells one for each thing. It may be called twice for a thing, where what was written with it failed;
        the first time leaves no trace.
        """
        self._latest.append(self._database.clock.elapsed())
        wish = _Wish(write_all, thing)
        self._waiting.append(wish)
        with self._turn:
            while not wish.settled:
                self._settle(self._take())
        if wish.error is not None:
            raise wish.error
        return wish.told[0]

    def is_pressed(self) -> bool:
        """Tell whether so much is written at the moment that other work had better wait."""
        latest = tuple(self._latest)
        return len(latest) == PRESSED and self._database.clock.elapsed() - latest[0] < 1

    def _take(self) -> list[_Wish[Any, Any]]:
        """Take those who wait to be written in the same way, the first ones first."""
        taken = [self._waiting.popleft()]
        while self._waiting and len(taken) < MOST and self._waiting[0].write_all is taken[0].write_all:
            taken.append(self._waiting.popleft())
        return taken

    def _settle(self, wishes: list[_Wish[Any, Any]]) -> None:
        error = self._write_all(wishes)
        if error is None or len(wishes) == 1:
            return self._refuse(wishes, error)
        for place, wish in enumerate(wishes):  # whose error it is shows when each is written by itself
            failed = self._write_all([wish])
            if isinstance(failed, TemporaryError):  # the database does not answer: nobody waits for it once more
                return self._refuse(wishes[place:], failed)
            self._refuse([wish], failed)
        return None

    def _write_all(self, wishes: list[_Wish[Any, Any]]) -> BaseException | None:
        try:
            with self._database.begin(patience_s=self._patience_s) as connection:
                told = wishes[0].write_all(connection, [wish.thing for wish in wishes])
        except BaseException as error:
            return error
        for wish, one in zip(wishes, told, strict=True):
            wish.told.append(one)
        return None

    def _refuse(self, wishes: list[_Wish[Any, Any]], error: BaseException | None) -> None:
        for wish in wishes:
            wish.error = error
