"""How often a home is asked: a few calls at once, and so many requests a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from threading import BoundedSemaphore, Lock

from ..clock import Clock
from .errors import PacedError

_MINUTE_S = 60.0
_LEAST_S = 0.001  # below it is rounding
_BUSY_S = 5.0  # after which a call comes again that found no place


class Pace:
    """The requests of this process to one home. Threads share it.

    After a rest half of a minute's requests may go at once; the other half is spread over the minute. A call waits for
    its place before its first request. What it sends then is counted and not held back: a run is not broken off in
    the middle, and the next call waits longer. So a minute has at most `requests_a_minute`, and the rest of the calls
    that had begun.
    """

    def __init__(self, name: str, clock: Clock, *, requests_a_minute: int, at_once: int) -> None:
        self._name, self._clock = name, clock
        self._every_s = 2 * _MINUTE_S / requests_a_minute
        self._places, self._lock = BoundedSemaphore(at_once), Lock()
        self._paid_at = clock.elapsed()  # when what was sent is paid for, at one request for each `_every_s`
        self._unused: ContextVar[int | None] = ContextVar("unused", default=None)  # requests counted ahead in a call

    @contextmanager
    def call(self, seconds: float) -> Iterator[None]:
        """Take a place for the requests in the block, within some seconds; else raise PacedError.

        A call within a call shares its place.
        """
        if self._unused.get() is not None:
            yield
            return
        ends = self._clock.elapsed() + seconds
        if not self._places.acquire(timeout=seconds):
            raise self._refusal("as many requests are under way as its at_once allows", _BUSY_S)
        try:
            while wait := self._begin():
                if self._clock.elapsed() + wait > ends:
                    raise self._refusal("it is asked as often as its requests_a_minute allows", wait)
                self._clock.sleep(wait)
            token = self._unused.set(1)
            try:
                yield
            finally:
                self._unused.reset(token)
        finally:
            self._places.release()

    def count(self) -> None:
        """Count a request of a call; its first one is counted already."""
        if self._unused.get():
            self._unused.set(0)
            return
        with self._lock:
            self._charge()

    def _begin(self) -> float:
        """Count the first request of a call; or return for how many seconds it has to wait, and do not count it."""
        with self._lock:
            wait = self._paid_at + self._every_s - self._clock.elapsed() - max(_MINUTE_S, self._every_s)
            if wait > _LEAST_S:
                return wait
            self._charge()
            return 0.0

    def _charge(self) -> None:
        self._paid_at = max(self._paid_at, self._clock.elapsed()) + self._every_s

    def _refusal(self, why: str, seconds: float) -> PacedError:
        until = self._clock.now() + timedelta(seconds=seconds)
        return PacedError(f"The home {self._name} waits for its turn: {why}.", until=until)
