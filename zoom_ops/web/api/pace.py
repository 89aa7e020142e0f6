"""Rate limit of API callers, counted per process: a burst, then a steady rate."""

from threading import Lock

from ...clock import Clock

BURST = 120  # requests
A_SECOND = 20  # requests


class Pace:
    """The state of each caller, by name: a theoretical arrival time (GCRA), in seconds since boot."""

    def __init__(self, clock: Clock, burst: int = BURST, a_second: float = A_SECOND) -> None:
        self._clock, self._step, self._slack = clock, 1 / a_second, burst / a_second
        self._arrivals: dict[str, float] = {}
        self._lock = Lock()

    def wait_of(self, caller: str) -> float:
        """Count a request and return 0, or count nothing and return the seconds until the next one is accepted."""
        now = self._clock.elapsed()
        with self._lock:
            arrival = max(self._arrivals.get(caller, now), now) + self._step
            if arrival - now > self._slack:
                return arrival - now - self._slack
            self._arrivals[caller] = arrival
            return 0
