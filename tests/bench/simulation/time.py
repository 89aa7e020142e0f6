"""Virtual time: it stands still during a computation, and jumps to the next thing that happens.

Each piece of work has its own thread, so that the service's code runs unchanged. Only one thread runs at a time, from
one wait to the next. Events at the same moment happen in the order in which they were scheduled.
"""

import heapq
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

_PATIENCE_S = 120.0  # real seconds: a thread that waits for a real lock, and not for this clock, would wait without end

Happening = Callable[[], None]


class World:
    """A clock for the service and for Zoom, and the agenda of what happens when."""

    def __init__(self, begin: datetime) -> None:
        self._begin, self._at = begin, 0.0
        self._agenda: list[tuple[float, int, Happening]] = []
        self._order = count()
        self._turn = _signal()
        self._thread = threading.local()

    def now(self) -> datetime:
        """Return the time of this world."""
        return self._begin + timedelta(seconds=self._at)

    def elapsed(self) -> float:
        """Return the seconds since it began."""
        return self._at

    def sleep(self, seconds: float) -> None:
        """Let a worker wait while others run; from any other thread, advance the time."""
        worker: Worker | None = getattr(self._thread, "worker", None)
        if worker is None:
            self._at += max(0.0, seconds)
            return
        self.after(seconds, worker.go_on)
        worker.rest()

    def at(self, moment: datetime, happening: Happening) -> None:
        """Schedule something for a moment; at once if that is past."""
        self.after((moment - self.now()).total_seconds(), happening)

    def after(self, seconds: float, happening: Happening) -> None:
        """Schedule something in this many seconds."""
        heapq.heappush(self._agenda, (self._at + max(0.0, seconds), next(self._order), happening))

    def run(self, until: datetime) -> None:
        """Run everything on the agenda until a moment."""
        last = (until - self._begin).total_seconds()
        while self._agenda and self._agenda[0][0] <= last:
            at, _, happening = heapq.heappop(self._agenda)
            self._at = max(self._at, at)
            happening()
        self._at = max(self._at, last)

    def hand_over(self, to: threading.Lock) -> None:
        """Let another thread run, and wait until it waits itself."""
        to.release()
        if not self._turn.acquire(timeout=_PATIENCE_S):
            raise RuntimeError("A worker waits for something else than this world's clock.")

    def take_back(self, wait_for: threading.Lock | None) -> None:
        """Return control from a worker's thread, and wait to get it again."""
        self._turn.release()
        if wait_for is not None:
            wait_for.acquire()

    def belongs_to(self, worker: "Worker") -> None:
        """Note that this thread is a worker's."""
        self._thread.worker = worker


class Worker:
    """A thread of the service: performs one thing after another."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._go = _signal()
        self._work: Happening | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def begin(self, work: Happening) -> None:
        """Begin a piece of work; return at its first wait."""
        self._work = work
        self.go_on()

    def go_on(self) -> None:
        """Continue after its wait; return at the next one."""
        self._world.hand_over(self._go)
        if self._failure is not None:
            raise self._failure

    def rest(self) -> None:
        """Wait, in its own thread, until it may continue."""
        self._world.take_back(self._go)

    def stop(self) -> None:
        """End the thread, which has nothing to do."""
        self._work = None
        self._world.hand_over(self._go)

    def _loop(self) -> None:
        self._world.belongs_to(self)
        self._go.acquire()
        while self._work is not None:
            try:
                self._work()
            except BaseException as error:
                self._failure = error
            self.rest()
        self._world.take_back(None)


class Latch:
    """A lock for threads of a world: a thread that waits for it lets the time go on."""

    def __init__(self, world: World) -> None:
        self._world, self._taken = world, False

    def __enter__(self) -> None:
        """Wait until it is free, and take it."""
        while self._taken:
            self._world.sleep(_LOOK_S)
        self._taken = True

    def __exit__(self, *_: object) -> None:
        """Release it."""
        self._taken = False


_LOOK_S = 0.01


def _signal() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
