"""The last stop before a request leaves: however late threads come to their places, no second holds too many."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from ..clock import Clock
from .verbs import Label

WINDOW_S = 1.0
LONGEST_WAY_S = 0.1  # so long a request may be on its way: at nine tenths of the limit this costs nothing


class Valve:
    """Counts what this process sends of each label; a place in the pace says when, and a busy machine comes late."""

    def __init__(self, rates: Mapping[str, int], clock: Clock) -> None:
        self._rates = rates
        self._clock = clock
        self._lock = Lock()
        self._passed: dict[str, list[_Passage]] = {label: [] for label in rates}

    @contextmanager
    def passing(self, label: Label) -> Iterator[None]:
        """Wait until one more may arrive at Zoom; it may do so until the block ends."""
        passage = self._enter(label)
        try:
            yield
        finally:
            passage.arrived = self._clock.elapsed()

    def _enter(self, label: Label) -> "_Passage":
        while True:
            with self._lock:
                now = self._clock.elapsed()
                recent = [one for one in self._passed[label] if one.latest(now) > now - WINDOW_S]
                self._passed[label] = recent
                if len(recent) < self._rates[label]:
                    recent.append(passage := _Passage(now))
                    return passage
                wait = min(one.latest(now) for one in recent) + WINDOW_S - now
            self._clock.sleep(wait)


class _Passage:
    """One request: when it left, and when its answer was here."""

    def __init__(self, left: float) -> None:
        self.left = left
        self.arrived: float | None = None

    def latest(self, now: float) -> float:
        """Tell the latest moment at which it can have arrived."""
        return min(now if self.arrived is None else self.arrived, self.left + LONGEST_WAY_S)
