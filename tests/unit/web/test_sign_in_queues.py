"""Checks of passwords in their queue: a flood takes a part of the processor, and a few that come at once all of it."""

import asyncio
from collections.abc import Callable
from threading import Event

import pytest

from zoom_ops.web.auth.queues import Queue, QueueFullError


class Loop(asyncio.SelectorEventLoop):
    """A loop in which a rest ends when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.rests = list[tuple[float, Callable[[], object]]]()

    def call_later(self, delay: float, callback: Callable[..., object], *args: object, **_: object) -> asyncio.Handle:  # type: ignore[override]
        self.rests.append((delay, lambda: callback(*args)))
        return asyncio.Handle(callback, args, self)


async def _turn_over() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize(("rests", "came", "is_rest"), [(True, 3, True), (True, 2, False), (False, 3, False)])
def test_thread_rests_after_a_check_if_more_came_than_may_wait(rests: bool, came: int, is_rest: bool) -> None:
    loop, queue, ends, done = Loop(), Queue(at_once=1, waiting=1, rests=rests), Event(), list[str]()

    async def come() -> tuple[list[str], int]:
        first = asyncio.create_task(queue.run(ends.wait))
        await _turn_over()
        second = asyncio.create_task(queue.run(done.append, "second"))
        await _turn_over()
        if came > 2:
            with pytest.raises(QueueFullError):
                await queue.run(done.append, "third")
        ends.set()
        await first
        waits = asyncio.create_task(asyncio.wait([second]))
        while not (loop.rests or second.done()):
            await asyncio.sleep(0)
        meanwhile, rested = list(done), len(loop.rests)
        for delay, end in loop.rests:
            assert delay > 0
            end()
        await waits
        return meanwhile, rested

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        meanwhile, rested = runner.run(come())

    assert (meanwhile, rested) == (([], 1) if is_rest else (["second"], 0))
    assert done == ["second"]
