"""How often a home is asked: a few requests at once, and so many a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore, Lock

from ..clock import Clock
from ..rate import Rate
from .errors import HomeDownError

_BURSTS = 4  # a minute


class Pace:
    """The requests of this process to one home. Threads share it."""

    def __init__(self, clock: Clock, *, requests_a_minute: int, at_once: int) -> None:
        self._clock = clock
        every = timedelta(minutes=1) / requests_a_minute
        self._rate = Rate(at_once=max(1, requests_a_minute // _BURSTS), every=every)
        self._slots, self._lock = BoundedSemaphore(at_once), Lock()
        self._free_at = clock.elapsed()

    @contextmanager
    def slot(self, seconds: float) -> Iterator[None]:
        """Take a place among the requests under way, within some seconds; raise HomeDownError after them."""
        ends = self._clock.elapsed() + seconds
        if not self._slots.acquire(timeout=seconds):
            raise HomeDownError("Other requests to this home take too long.")
        try:
            while wait := self._count():
                if self._clock.elapsed() + wait > ends:
                    raise HomeDownError("This home is asked as often as its requests_a_minute allows.")
                self._clock.sleep(wait)
            yield
        finally:
            self._slots.release()

    def _count(self) -> float:
        """Count a request; return how many seconds it has to wait first, and then it is not counted."""
        with self._lock:
            now = self._clock.elapsed()
            ahead, wait = self._rate.count(timedelta(seconds=self._free_at - now))
            self._free_at = now + ahead.total_seconds()
            return max(0.0, wait.total_seconds())
