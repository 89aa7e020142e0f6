"""The runs of this process that write to homes: a few at once for each, and none just after one did not answer."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from ..clock import Clock
from ..errors import AmbiguousError, SettlingError, WaitingError
from .errors import HomeDownError, UnauthorizedError

AT_ONCE = 4
_RESTS = timedelta(seconds=10)  # after it did not answer
_RESTS_UNKNOWN = timedelta(minutes=5)  # after it did not accept the credentials
_COMES_AGAIN = timedelta(seconds=2)  # who found no place
_APART = timedelta(seconds=0.1)  # of those who come again, so that a long queue does not keep the database busy


class Gate:
    """Lets a few runs at once to each home. So a backlog waits and does not fail, and a dead home keeps no threads.

    Who is not let in has tried nothing: what is known of its earlier failures stays.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self._inside: Counter[str] = Counter()
        self._rests: dict[str, tuple[datetime, str]] = {}  # until when and why, by home
        self._last: dict[str, datetime] = {}  # when the last of those who were turned away comes again, by home

    @contextmanager
    def enter(self, home: str) -> Iterator[None]:
        """Take a place at a home. Raise SettlingError where none is free, or the home did not answer just now.

        Credentials that it does not accept are no fault of one run: raise WaitingError, and let all wait.
        """
        self._take_place(home)
        try:
            yield
        except (HomeDownError, AmbiguousError) as error:
            until = error.retry_at if isinstance(error, HomeDownError) else None
            why = f"The home {home} did not answer just now; it is asked again."
            self._rest(home, until or self._clock.now() + _RESTS, why)
            raise
        except UnauthorizedError as error:
            until = self._clock.now() + _RESTS_UNKNOWN
            self._rest(home, until, str(error))
            raise WaitingError(str(error), until=until) from error
        finally:
            with self._lock:
                self._inside[home] -= 1

    def _take_place(self, home: str) -> None:
        now = self._clock.now()
        with self._lock:
            until, why = self._rests.get(home, (now, ""))
            if until > now:
                raise SettlingError(why, until=self._come_again(home, until))
            if self._inside[home] >= AT_ONCE:
                why = f"Other links are being written to the home {home}."
                raise SettlingError(why, until=self._come_again(home, now + _COMES_AGAIN))
            self._inside[home] += 1

    def _come_again(self, home: str, soonest: datetime) -> datetime:
        """Return when to come again: behind the others who were turned away."""
        last = self._last.get(home)
        self._last[home] = max(soonest, last + _APART) if last else soonest
        return self._last[home]

    def _rest(self, home: str, until: datetime, why: str) -> None:
        with self._lock:
            self._rests[home] = until, why
