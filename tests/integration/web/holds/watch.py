"""How long a call holds the interpreter or the event loop, so that nothing else runs: measured in processor time.

A thread sleeps 5 ms, and notes the processor time that this process used between two of its turns. A call that holds
the interpreter keeps it waiting, so all of that call lies between two turns. A call that lets the interpreter go (the
hash of a password, a statement of SQLite) does not. Processor time, because other processes on a busy machine may stop
this one at any time; for the same reason a hold counts only if it is there each time that the call is made.

A task of the event loop notes in the same way how much processor time the thread of the loop used between two of its
turns: what is parsed there for a second lets threads run, and no other request.
"""

import asyncio
import gc
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TICK_S = 0.005
ALLOWED_S = 0.1  # of one hold
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a call took, in seconds: the longest holds of the interpreter and of the loop, and all processor time.

    `where`: the lines of ours in which threads were after a hold that is not allowed.
    """

    hold: float
    loop: float
    processor: float
    where: str = ""

    @property
    def longest(self) -> float:
        """The longest time for which something else could not run."""
        return max(self.hold, self.loop)


class Watch:
    """The thread that looks."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._longest_of_loop = loop, 0.0
        self._longest, self._last, self._where = 0.0, 0.0, ""
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def _look(self) -> None:
        while not self._ends.is_set():
            time.sleep(TICK_S)
            now = time.process_time()
            if now - self._last > self._longest:
                self._longest = now - self._last
                self._where = _busiest() if self._longest > ALLOWED_S else ""
            self._last = now

    async def _beat(self) -> None:
        last = time.thread_time()
        while not self._ends.is_set():
            await asyncio.sleep(TICK_S)
            now = time.thread_time()
            self._longest_of_loop, last = max(self._longest_of_loop, now - last), now

    def measure(self, call: Callable[[], object], *, allowed: float = ALLOWED_S) -> Spent:
        """Make a call. One that holds longer than `allowed` is made again, at most TRIES times: the shortest counts."""
        spent = self._once(call)
        for _ in range(TRIES - 1):
            if spent.longest <= allowed:
                break
            spent = min(spent, self._once(call), key=lambda each: each.longest)
        return spent

    def _once(self, call: Callable[[], object]) -> Spent:
        self._longest, self._longest_of_loop, self._where = 0.0, 0.0, ""
        self._last = began = time.process_time()
        call()
        time.sleep(2 * TICK_S)  # a turn after the call
        processor = time.process_time() - began
        return Spent(hold=self._longest, loop=self._longest_of_loop, processor=processor, where=self._where)


def _busiest() -> str:
    """Return the lines of ours in which threads are."""
    stacks = (traceback.extract_stack(frame) for frame in sys._current_frames().values())
    ours = ([line for line in stack if "/zoom_ops/" in line.filename] for stack in stacks)
    return " | ".join(f"{lines[-1].filename.rpartition('/zoom_ops/')[2]}:{lines[-1].lineno}" for lines in ours if lines)


@contextmanager
def watching(loop: asyncio.AbstractEventLoop) -> Iterator[Watch]:
    """Watch the interpreter and a loop. No collection of garbage looks at what stands in memory before: the tests."""
    watch = Watch(loop)
    gc.collect()
    gc.freeze()
    watch._thread.start()
    beats = asyncio.run_coroutine_threadsafe(watch._beat(), loop)
    try:
        yield watch
    finally:
        watch._ends.set()
        watch._thread.join()
        beats.result()
        gc.unfreeze()
