"""Answer many at once: what comes while others are being answered waits, and is then answered together."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class Gathering(Generic[Asked, Told]):
    """Asks of one event loop, answered in one thread: `answer_all` tells one for each, or the error that kept it."""

    def __init__(self, answer_all: Callable[[Sequence[Asked]], Sequence[Told | Exception]], most: int) -> None:
        self._answer_all, self._most = answer_all, most
        self._waiting = deque[tuple[Asked, asyncio.Future[Told]]]()
        self._thread = CapacityLimiter(1)
        self._answering: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Told:
        """Ask, alone or with others, and give the answer or raise what kept it."""
        told: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, told))
        if self._answering is None:
            self._answering = asyncio.ensure_future(self._answer())
        return await told

    async def _answer(self) -> None:
        try:
            while self._waiting:
                await self._answer_some([self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))])
        finally:
            self._answering = None

    async def _answer_some(self, some: Sequence[tuple[Asked, "asyncio.Future[Told]"]]) -> None:
        try:
            answers = await run_sync(self._answer_all, [asked for asked, _ in some], limiter=self._thread)
        except Exception as error:
            answers = [error] * len(some)
        for (_, told), answer in zip(some, answers, strict=True):
            if told.done():  # who asked has gone
                continue
            if isinstance(answer, Exception):
                told.set_exception(answer)
            else:
                told.set_result(answer)
