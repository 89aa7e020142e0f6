"""Virtual time: it stands still while something is computed, and jumps to whatever happens next.

Each piece of work has a thread of its own, so that the service's code runs as it is; but one thread at a time, from one
wait to the next. What happens at one moment happens in the order in which it was asked for.
"""

import heapq
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

_PATIENCE_S = 120.0  # of the machine: a thread that waits for a real lock, and not for this clock, would wait for ever

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
        """Tell the time of this world."""
        return self._begin + timedelta(seconds=self._at)

    def elapsed(self) -> float:
        """Tell the seconds since it began."""
        return self._at

    def sleep(self, seconds: float) -> None:
        """Let a worker wait, while others go on; whoever is none moves the time on."""
        worker: Worker | None = getattr(self._thread, "worker", None)
        if worker is None:
            self._at += max(0.0, seconds)
            return
        self.after(seconds, worker.go_on)
        worker.rest()

    def at(self, moment: datetime, happening: Happening) -> None:
        """Let something happen at a moment; at once, if that is over."""
        self.after((moment - self.now()).total_seconds(), happening)

    def after(self, seconds: float, happening: Happening) -> None:
        """Let something happen so many seconds from now."""
        heapq.heappush(self._agenda, (self._at + max(0.0, seconds), next(self._order), happening))

    def run(self, until: datetime) -> None:
        """Let everything happen that is on the agenda, until a moment."""
        last = (until - self._begin).total_seconds()
        while self._agenda and self._agenda[0][0] <= last:
            at, _, happening = heapq.heappop(self._agenda)
            self._at = max(self._at, at)
            happening()
        self._at = max(self._at, last)

    def hand_over(self, to: threading.Lock) -> None:
        """Wait until the thread that is given the turn waits itself."""
        to.release()
        if not self._turn.acquire(timeout=_PATIENCE_S):
            raise RuntimeError("A worker waits for something else than this world's clock.")

    def take_back(self, wait_for: threading.Lock | None) -> None:
        """Give the turn back, from a worker's thread, and wait to be given it again."""
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
        """Begin a piece of work, and return where it first waits."""
        self._work = work
        self.go_on()

    def go_on(self) -> None:
        """Go on where it waits, until it waits again."""
        self._world.hand_over(self._go)
        if self._failure is not None:
            raise self._failure

    def rest(self) -> None:
        """Wait, in its own thread, until it may go on."""
        self._world.take_back(self._go)

    def stop(self) -> None:
        """End the thread; it has nothing to do."""
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
    """A lock for threads of a world: who waits for it lets the time go on."""

    def __init__(self, world: World) -> None:
        self._world, self._taken = world, False

    def __enter__(self) -> None:
        """Wait until nobody has it, and take it."""
        while self._taken:
            self._world.sleep(_LOOK_S)
        self._taken = True

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._taken = False


_LOOK_S = 0.01


def _signal() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
