"""Rate limit of API callers, counted per process."""

from datetime import timedelta
from threading import Lock

from ...clock import Clock
from ...rate import Rate

PER_CALLER = Rate(at_once=120, every=timedelta(seconds=1) / 20)  # requests


class CallerRates:
    """The counter of each caller, by name, in time since boot."""

    def __init__(self, clock: Clock, rate: Rate = PER_CALLER) -> None:
        self._clock, self._rate = clock, rate
        self._counters: dict[str, timedelta] = {}
        self._lock = Lock()

    def wait_of(self, caller: str) -> float:
        """Count a request and return 0, or count nothing and return the seconds until the next one is accepted."""
        now = timedelta(seconds=self._clock.elapsed())
        with self._lock:
            ahead, wait = self._rate.count(self._counters.get(caller, now) - now)
            self._counters[caller] = now + ahead
        return wait.total_seconds()
