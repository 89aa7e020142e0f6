"""Cache of a document from a provider."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from ..clock import Clock
from ..errors import ZoomOpsError

_SILENT_S = 5  # pause after a failure, so that not every browser asks a provider that is down
_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """A cached value that all threads share. One thread fetches it while the others wait."""

    def __init__(self, fetch: Callable[[], _Value], clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = Lock()
        self._fetched: tuple[_Value, float] | None = None
        self._failed: tuple[ZoomOpsError, float] | None = None

    def get(self, kept_s: float) -> _Value:
        """Get the value, fetched at most `kept_s` seconds ago.

        Raises the error of `fetch`; within 5 seconds after a failure, the same error again.
        """
        with self._lock:
            now = self._clock.elapsed()
            if self._fetched and now - self._fetched[1] <= kept_s:
                return self._fetched[0]
            if self._failed and now - self._failed[1] <= _SILENT_S:
                raise self._failed[0]
            try:
                self._fetched = self._fetch(), self._clock.elapsed()
            except ZoomOpsError as error:
                self._failed = error, self._clock.elapsed()
                raise
            return self._fetched[0]
