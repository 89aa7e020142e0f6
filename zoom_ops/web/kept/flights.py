"""Single flight: of all who need the same thing at the same time, one gets it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from anyio.to_thread import run_sync

from ...store.db.mark import CommitMark

Result = TypeVar("Result")
Mark = Hashable | None
_Fly = Callable[[Mark], Awaitable[Result]]
PATIENCE_S = 1.0  # with a database that is asked for its mark; then a request waits for its turn, as all others do


@dataclass
class _Flight(Generic[Result]):
    number: int
    mark: Mark  # of the database, taken before it began to read
    task: "asyncio.Task[Result]"
    following: "asyncio.Task[Result] | None" = None


_Flights = dict[Hashable, _Flight[Result]]


class Flights(Generic[Result]):
    """Flights under way, by what they fetch. They end even if nobody waits any more."""

    def __init__(self, marks: "Marks") -> None:
        self._marks = marks
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Flights[Result]]
        self._by_loop = WeakKeyDictionary()
        self._count = 0

    async def fetch(self, key: Hashable, mark: Mark, fly: _Fly[Result], arrived: int | None = None) -> Result:
        """Return what `fly` returns for somebody who came when the mark was this one.

        They share a flight that began after they came, or since which nothing was committed: so what they know of is
        in it. Otherwise they wait for its end, and all of them share the next.
        """
        loop = asyncio.get_running_loop()
        flights = self._by_loop.setdefault(loop, {})
        flight = flights.get(key)
        arrived = self._count if arrived is None else arrived
        if flight is None:
            flight = self._begin(flights, key, mark, fly)
        elif flight.number <= arrived and (mark is None or flight.mark != mark):
            if flight.following is None:
                flight.following = loop.create_task(self._follow(flight, key, fly, self._count))
            return await asyncio.shield(flight.following)
        return await asyncio.shield(flight.task)

    def _begin(
        self, flights: dict[Hashable, _Flight[Result]], key: Hashable, mark: Mark, fly: _Fly[Result]
    ) -> _Flight[Result]:
        async def run() -> Result:
            try:
                return await fly(mark)
            finally:
                del flights[key]

        self._count += 1
        task = asyncio.get_running_loop().create_task(run())
        flight = flights[key] = _Flight(self._count, mark, task)
        return flight

    async def _follow(self, flight: _Flight[Result], key: Hashable, fly: _Fly[Result], arrived: int) -> Result:
        await asyncio.wait([flight.task])
        return await self.fetch(key, await self._marks.take(), fly, arrived)


class Marks:
    """Takes the mark of the database: on PostgreSQL once for all who came before it was asked for."""

    def __init__(self, mark: CommitMark) -> None:
        self._mark, self._is_late = mark, False
        self._waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Future[Mark]] = WeakKeyDictionary()
        self._asking: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()

    def take_at_once(self) -> Mark:
        """Return a mark that is taken now; None where that takes a while, and if the database does not answer."""
        return self._mark.take() if self._mark.is_instant else None

    async def take(self) -> Mark:
        """Return a mark that is taken after this call; None if the database does not answer, or not soon."""
        if self._mark.is_instant:
            return self._mark.take()
        waiting = self._wait(asyncio.get_running_loop())
        await asyncio.wait((waiting,), timeout=PATIENCE_S)
        return waiting.result() if waiting.done() else None

    def when_taken(self, give: Callable[[Mark], None]) -> None:
        """Call `give` with a mark that is taken after this call: with None if the database does not answer soon."""
        loop = asyncio.get_running_loop()
        waiting = self._wait(loop)

        def finish(taken: asyncio.Future[Mark]) -> None:
            late.cancel()
            give(taken.result())

        def give_up() -> None:
            self._is_late = True
            if waiting.remove_done_callback(finish):
                give(None)

        late = loop.call_later(PATIENCE_S, give_up)
        waiting.add_done_callback(finish)

    @property
    def is_soon(self) -> bool:
        """Whether `when_taken` is worth a wait: marks are not taken at once, and the last one came in time."""
        return not self._mark.is_instant and not self._is_late

    def _wait(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[Mark]:
        """Return what gets the next mark; all who come before it is asked for share it."""
        waiting = self._waiting.get(loop)
        if waiting is None:
            waiting = self._waiting[loop] = loop.create_future()
        if loop not in self._asking:  # also after it has failed
            self._asking[loop] = loop.create_task(self._ask(loop))
        return waiting

    async def _ask(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while waiting := self._waiting.pop(loop, None):
                try:
                    is_free = self._mark.is_free and isinstance(loop, asyncio.SelectorEventLoop)
                    taken = self._mark.take_here() if is_free else run_sync(self._mark.take)
                    waiting.set_result(await taken)
                    self._is_late = False
                finally:
                    if not waiting.done():
                        waiting.set_result(None)
        finally:
            del self._asking[loop]
