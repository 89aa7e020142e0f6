"""Single flight: of all who need the same thing at the same time, one gets it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import structlog
from anyio.to_thread import run_sync

from ...store.db.mark import CommitMark

_log = structlog.get_logger(__name__)
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

    async def fetch(self, key: Hashable, mark: Mark, fly: _Fly[Result]) -> Result:
        """Return what `share` fetches."""
        return await asyncio.shield(self.share(key, mark, fly))

    def share(self, key: Hashable, mark: Mark, fly: _Fly[Result], arrived: int | None = None) -> "asyncio.Task[Result]":
        """Return the task that returns what `fly` returns for somebody who came when the mark was this one.

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
            return flight.following
        return flight.task

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
        return await asyncio.shield(self.share(key, await self._marks.take(), fly, arrived))


@dataclass(slots=True)
class _Waiting:
    """Somebody who waits for a mark."""

    give: Callable[[Mark], None]
    patience: asyncio.TimerHandle | None = None
    is_served: bool = False

    def serve(self, mark: Mark) -> None:
        """Give the mark, once."""
        if not self.is_served:
            self.is_served = True
            if self.patience:
                self.patience.cancel()
            self.give(mark)


class Marks:
    """Takes the mark of the database: on PostgreSQL once for all who came before it was asked for."""

    def __init__(self, mark: CommitMark) -> None:
        self._mark, self._is_late = mark, False
        self._waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, list[_Waiting]] = WeakKeyDictionary()
        self._asking: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None] | None] = WeakKeyDictionary()

    def take_at_once(self) -> Mark:
        """Return a mark that is taken now; None where that takes a while, and if the database does not answer."""
        return self._mark.take() if self._mark.is_instant else None

    async def take(self) -> Mark:
        """Return a mark that is taken after this call; None if the database does not answer, or not soon."""
        if self._mark.is_instant:
            return self._mark.take()
        taken: asyncio.Future[Mark] = asyncio.get_running_loop().create_future()
        self.when_taken(lambda mark: None if taken.done() else taken.set_result(mark))
        return await taken

    def when_taken(self, give: Callable[[Mark], None]) -> None:
        """Call `give` with a mark that is taken after this call: with None if the database does not answer soon."""
        loop, waiting = asyncio.get_running_loop(), _Waiting(give)
        waiting.patience = loop.call_later(PATIENCE_S, self._give_up, waiting)
        self._waiting.setdefault(loop, []).append(waiting)
        if loop not in self._asking:
            self._ask(loop)

    @property
    def is_soon(self) -> bool:
        """Whether `when_taken` is worth a wait: marks are not taken at once, and the last one came in time."""
        return not self._mark.is_instant and not self._is_late

    def _give_up(self, waiting: _Waiting) -> None:
        self._is_late = True
        waiting.serve(None)

    def _ask(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ask for all who wait now; who comes meanwhile shares the next question."""
        tell = partial(self._tell, loop, self._waiting.pop(loop))
        self._asking[loop] = None
        if self._mark.is_free and isinstance(loop, asyncio.SelectorEventLoop):
            self._mark.take_here(tell)
        else:
            self._asking[loop] = loop.create_task(self._ask_in_thread(tell))

    async def _ask_in_thread(self, tell: Callable[[Mark], None]) -> None:
        mark = None
        try:
            mark = await run_sync(self._mark.take)
        except asyncio.CancelledError:  # the loop ends
            del self._asking[asyncio.get_running_loop()]
            raise
        except Exception as error:
            _log.info("mark_not_taken", kind=type(error).__name__)
        tell(mark)

    def _tell(self, loop: asyncio.AbstractEventLoop, waiting: Iterable[_Waiting], mark: Mark) -> None:
        del self._asking[loop]
        self._is_late = False
        for each in waiting:
            try:
                each.serve(mark)
            except Exception as error:  # of one connection
                loop.call_exception_handler({"message": "an answer failed", "exception": error})
        if loop in self._waiting and loop not in self._asking:
            self._ask(loop)
