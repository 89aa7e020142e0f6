"""How fast one caller may ask: so many at once, then so many a second; counted in this process alone."""

from threading import Lock

from ...clock import Clock

BURST = 120
A_SECOND = 20


class Pace:
    """The pace of each caller, by name: a theoretical arrival time (GCRA), in seconds since boot."""

    def __init__(self, clock: Clock, burst: int = BURST, a_second: float = A_SECOND) -> None:
        self._clock, self._step, self._slack = clock, 1 / a_second, burst / a_second
        self._arrivals: dict[str, float] = {}
        self._lock = Lock()

    def wait_of(self, caller: str) -> float:
        """Count a request, and tell 0; or tell in how many seconds the next one is let in, and count nothing."""
        now = self._clock.elapsed()
        with self._lock:
            arrival = max(self._arrivals.get(caller, now), now) + self._step
            if arrival - now > self._slack:
                return arrival - now - self._slack
            self._arrivals[caller] = arrival
            return 0
