"""A bound on what takes seconds of a processor and much memory: how many files are read, or plans made, at once."""

import threading
from asyncio import BoundedSemaphore, timeout, to_thread
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from anyio import from_thread
from fastapi import Depends, Request, Response

from ..errors import TemporaryError
from ..system.memory import tidy

AT_ONCE = 1  # two that are imported at once take 100 MB, and each holds the database longer
PATIENCE_S = 10.0
TYPED_PATIENCE_S = 60.0  # of a form, which holds what somebody typed
_PLAN_PATIENCE_S = 30.0  # less than the minute that proxies wait
_LENT_AT_ONCE = 3  # plans that wait for Zoom beside the one that is made; each keeps a part of its memory
_LARGE = 100_000  # bytes of a file that leaves much behind
_LONG = 300_000  # bytes of an answer that does; the plan of 200 new events takes 1 MB, and 20 MB while it is made


def _files_are_read() -> TemporaryError:
    return TemporaryError("Other files are being read: send this one again in a moment.")


def _plans_are_made() -> TemporaryError:
    return TemporaryError("Other plans are being made: look again in a moment.")


class ReadingSlots:
    """The slots of a process: a request that reads a file, or makes a plan, takes one."""

    def __init__(
        self,
        at_once: int = AT_ONCE,
        patience_s: float = PATIENCE_S,
        typed_patience_s: float = TYPED_PATIENCE_S,
        busy: Callable[[], TemporaryError] = _files_are_read,
    ) -> None:
        """`busy`: makes the error of who found none free."""
        self._busy = busy
        self._free, self._patience_s, self._typed_patience_s = BoundedSemaphore(at_once), patience_s, typed_patience_s
        self._lendable = threading.BoundedSemaphore(_LENT_AT_ONCE)

    @asynccontextmanager
    async def take(self, *, typed: bool = False) -> AsyncIterator[None]:
        """Hold a slot. Wait for a free one, without a thread: shortly, or longer with a `typed` form.

        Then raise TemporaryError.
        """
        try:
            async with timeout(self._typed_patience_s if typed else self._patience_s):
                await self._free.acquire()
        except TimeoutError:
            raise self._busy() from None
        try:
            yield
        finally:
            self._free.release()

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Let others take the slot of a request while its thread waits for another system in the block.

        Where enough others wait so, it keeps its slot.
        """
        if not self._lendable.acquire(blocking=False):
            yield
            return
        try:
            from_thread.run_sync(self._free.release)
            try:
                yield
            finally:
                from_thread.run(self._free.acquire)
        finally:
            self._lendable.release()


async def _slot(request: Request) -> AsyncIterator[None]:
    slots: ReadingSlots = request.app.state.services.reading
    async with slots.take():
        try:
            yield
        finally:  # what is refused leaves as much behind
            if int(request.headers.get("content-length", _LARGE)) >= _LARGE:  # sent in chunks it has none
                await to_thread(tidy)


def plan_slots() -> ReadingSlots:
    """Build the slots of a process for plans."""
    return ReadingSlots(patience_s=_PLAN_PATIENCE_S, busy=_plans_are_made)


async def _plan_slot(request: Request) -> AsyncIterator[ReadingSlots]:
    slots: ReadingSlots = request.app.state.services.planning
    async with slots.take():
        try:
            yield slots
        finally:
            if getattr(request.state, "is_long", False):
                await to_thread(tidy)


def note_length(request: Request, answer: Response) -> Response:
    """Note in a request with a slot for plans how long its answer is: a long one leaves much behind."""
    request.state.is_long = len(answer.body) > _LONG
    return answer


# It stands after the body among the parameters of an endpoint, so that who sends slowly holds no slot.
TheSlot = Annotated[None, Depends(_slot, scope="function")]
APlanSlot = Annotated[ReadingSlots, Depends(_plan_slot, scope="function")]
