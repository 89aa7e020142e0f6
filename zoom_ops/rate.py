"""A rate limit: a burst after a rest, then one attempt per interval (the generic cell rate algorithm, GCRA)."""

from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

_NONE = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A burst of `at_once` attempts, then one attempt per `every`.

    A counter is one moment for each key. Each attempt moves it on by `every`, beginning with now.
    """

    at_once: int
    every: timedelta

    def count(self, ahead: timedelta) -> tuple[timedelta, timedelta]:
        """Count an attempt at a counter that is `ahead` of now, or behind.

        Return how far ahead of now the counter is afterwards, and how long to wait. An attempt that has to wait is
        not counted. A counter can exceed the burst only if a clock was put back, and is cut to it.
        """
        burst = self.at_once * self.every
        held = min(max(ahead, _NONE), burst)
        following = held + self.every
        return (held, following - burst) if following > burst else (following, _NONE)


class Counters:
    """The counters of a rate by key, in the memory of this process, for all threads.

    At most `most` are kept. Of more, those with a full burst are forgotten, and then the half that is nearest to it:
    whoever makes up keys forgives only the early attempts of others.
    """

    def __init__(self, rate: Rate, *, most: int = 10_000) -> None:
        self._rate, self._most = rate, most
        self._free_at: dict[str, timedelta] = {}
        self._lock = Lock()

    def count(self, key: str, now: timedelta) -> timedelta:
        """Count an attempt and return 0, or count nothing and return how long to wait. `now`: the time since boot."""
        with self._lock:
            ahead, wait = self._rate.count(self._free_at.get(key, now) - now)
            if key not in self._free_at and len(self._free_at) >= self._most:
                self._forget(now)
            self._free_at[key] = now + ahead
        return wait

    def wait_of(self, key: str, now: timedelta) -> timedelta:
        """Return how long an attempt would have to wait, and count nothing."""
        with self._lock:
            return self._rate.count(self._free_at.get(key, now) - now)[1]

    def __len__(self) -> int:
        return len(self._free_at)

    def _forget(self, now: timedelta) -> None:
        kept = sorted((free_at, key) for key, free_at in self._free_at.items() if free_at > now)
        self._free_at = {key: free_at for free_at, key in kept[-(self._most // 2) :]}
