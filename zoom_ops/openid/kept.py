"""What was fetched from a provider, kept for a while."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from ..clock import Clock
from ..errors import ZoomOpsError

_SILENT_S = 5  # after a failure nobody asks again for so long: a provider that is down is not asked by every browser
_Thing = TypeVar("_Thing")


class Kept(Generic[_Thing]):
    """A thing that all threads share; one of them fetches it while the others wait."""

    def __init__(self, fetch: Callable[[], _Thing], clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = Lock()
        self._found: tuple[_Thing, float] | None = None
        self._failed: tuple[ZoomOpsError, float] | None = None

    def get(self, kept_s: float) -> _Thing:
        """Get it, fetched no longer than so many seconds ago."""
        with self._lock:
            now = self._clock.elapsed()
            if self._found and now - self._found[1] <= kept_s:
                return self._found[0]
            if self._failed and now - self._failed[1] <= _SILENT_S:
                raise self._failed[0]
            try:
                self._found = self._fetch(), self._clock.elapsed()
            except ZoomOpsError as error:
                self._failed = error, self._clock.elapsed()
                raise
            return self._found[0]
