"""Throttle of wrong API tokens, by network. A right one always passes, also beside somebody who guesses."""

from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from ..clock import Clock
from ..networks import neighbourhood_of
from ..rate import Counters, Rate
from .issued import digest_of

WRONG_TOKENS = Rate(at_once=10, every=timedelta(seconds=5))
_FRESH_S = 1.0  # longest time for which the digests are not loaded again


class WrongTokens:
    """Counts wrong tokens in this process.

    Beyond the rate no token of that network is looked up unless it is one of ours. For that the digests of all tokens
    are loaded, at most once a second however many ask. Nobody guesses 256 bits: this keeps the database free.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._counters = clock, Counters(WRONG_TOKENS)
        self._digests, self._fresh_until, self._lock = frozenset[str](), 0.0, Lock()

    def wait_of(self, address: str | None, secret: str, load_digests: Callable[[], frozenset[str]]) -> float:
        """Return 0 if a token is to be looked up, or after how many seconds a wrong one is looked up again."""
        wait = self._counters.wait_of(_key(address), self._now()).total_seconds()
        return 0.0 if wait and digest_of(secret) in self._load(load_digests) else wait

    def count(self, address: str | None) -> float:
        """Count a wrong token and return 0, or count nothing and return the seconds to wait."""
        return self._counters.count(_key(address), self._now()).total_seconds()

    def _now(self) -> timedelta:
        return timedelta(seconds=self._clock.elapsed())

    def _load(self, load_digests: Callable[[], frozenset[str]]) -> frozenset[str]:
        with self._lock:
            now = self._clock.elapsed()
            if now >= self._fresh_until:
                self._digests, self._fresh_until = load_digests(), now + _FRESH_S
            return self._digests


def _key(address: str | None) -> str:
    return neighbourhood_of(address) if address else ""
