"""The runs of this process that write to homes: a few at once for each, and none just after one did not answer."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from ..clock import Clock
from ..errors import SettlingError
from .errors import HomeDownError

AT_ONCE = 4
_RESTS = timedelta(seconds=10)  # after it did not answer
_COMES_AGAIN = timedelta(seconds=2)  # who found no place


class Gate:
    """Lets a few runs at once to each home. So a backlog waits and does not fail, and a dead home keeps no threads.

    Who is not let in has tried nothing: what is known of its earlier failures stays.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self._inside: Counter[str] = Counter()
        self._rests: dict[str, datetime] = {}  # until when, by home

    @contextmanager
    def enter(self, home: str) -> Iterator[None]:
        """Take a place at a home. Raise SettlingError where none is free, or the home did not answer just now."""
        now = self._clock.now()
        with self._lock:
            if (until := self._rests.get(home, now)) > now:
                raise SettlingError(f"The home {home} did not answer just now; it is asked again.", until=until)
            if self._inside[home] >= AT_ONCE:
                raise SettlingError(f"Other links are being written to the home {home}.", until=now + _COMES_AGAIN)
            self._inside[home] += 1
        try:
            yield
        except HomeDownError as error:
            with self._lock:
                self._rests[home] = error.retry_at or self._clock.now() + _RESTS
            raise
        finally:
            with self._lock:
                self._inside[home] -= 1
