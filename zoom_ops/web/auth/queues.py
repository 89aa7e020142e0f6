"""Queues of password checks: each needs a processor for a while, so few run at once, and few wait.

Strangers have a queue of their own. However many of them wait, who signs in from a known network, or is signed in,
waits for two of their checks at most. A flood of them takes two thirds of a processor at most: a check takes a thousand
times as long as it takes to ask for one.
"""

import asyncio
from collections.abc import Callable
from time import thread_time
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Response

_Result = TypeVar("_Result")
_REST = 2  # times the processor's time that a check took
RETRY_S = 5  # seconds after which whoever found no room asks again


class QueueFullError(Exception):
    """Too many password checks wait already."""


class Queue:
    """A queue of bounded length before a few threads."""

    def __init__(self, *, at_once: int, waiting: int, rests: bool = False) -> None:
        """`rests`: whether a thread rests after a check if more came than may wait."""
        self._limiter, self._threads = CapacityLimiter(at_once), CapacityLimiter(at_once)
        self._most_waiting, self._rests, self._is_flood = waiting, rests, False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._limiter.statistics().tasks_waiting

    async def run(self, call: Callable[..., _Result], *args: object) -> _Result:
        """Call a blocking function in its turn. Raise QueueFullError at once where too many wait."""
        if self.waiting >= self._most_waiting:
            self._is_flood = self._rests
            raise QueueFullError
        turn, loop = object(), asyncio.get_running_loop()
        await self._limiter.acquire_on_behalf_of(turn)
        spent = list[float]()  # seconds of a processor
        try:
            return await run_sync(_measure, spent, call, *args, limiter=self._threads)
        finally:
            if self._is_flood:
                self._is_flood = False
                loop.call_later(_REST * sum(spent), self._limiter.release_on_behalf_of, turn)
            else:
                self._limiter.release_on_behalf_of(turn)


def _measure(spent: list[float], call: Callable[..., _Result], *args: object) -> _Result:
    began = thread_time()
    try:
        return call(*args)
    finally:
        spent.append(thread_time() - began)


KNOWN, STRANGERS = Queue(at_once=2, waiting=60), Queue(at_once=2, waiting=60, rests=True)  # a few seconds, and 3 MB
LOOKS_AT_ONCE = CapacityLimiter(4)  # at the limits, which is quick; it leaves the other threads to the pages


def too_busy(say: Callable[..., str]) -> str:
    """Return what is said to whoever found no room."""
    return say("Too many people are signing in just now. Please try again in a moment.")


def ask_later(answer: Response) -> Response:
    """Add to an answer after how many seconds there may be room."""
    answer.headers["Retry-After"] = str(RETRY_S)
    return answer
