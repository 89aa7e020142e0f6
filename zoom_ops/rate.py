"""A rate limit: a burst after a rest, then one attempt per interval (the generic cell rate algorithm, GCRA)."""

from dataclasses import dataclass
from datetime import timedelta

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
