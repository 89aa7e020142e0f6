"""The runs of this process that write to homes: a few at once for each, and none just after one did not answer."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Condition

from ..clock import Clock
from ..errors import AmbiguousError, SettlingError, WaitingError
from .errors import HomeDownError, PacedError, UnauthorizedError

PATIENCE_S = 3.0  # for a place; after it the thread is given back
_QUEUE = 3  # times as many runs as there are places wait for one in their threads
_QUEUES = 30  # runs that wait in their threads for all homes together: other homes need threads, too
_RESTS = timedelta(seconds=10)  # after it did not answer
_RESTS_UNKNOWN = timedelta(minutes=5)  # after it did not accept the credentials
_COMES_AGAIN = timedelta(seconds=1)  # who found no place
_APART = timedelta(seconds=0.05)  # of those who come again, so that a long queue does not keep the database busy


class Gate:
    """Lets a few runs at once to each home. So a backlog waits and does not fail, and a dead home keeps no threads.

    Some wait here and enter as soon as a place is free, in their order. The others are turned away: who is not let in
    has tried nothing, and what is known of its earlier failures stays.
    """

    def __init__(self, clock: Clock, patience_s: float = PATIENCE_S) -> None:
        self._clock, self._patience_s, self._changed = clock, patience_s, Condition()
        self._inside: Counter[str] = Counter()
        self._queues: defaultdict[str, deque[object]] = defaultdict(deque)  # who waits in a thread, by home
        self._rests: dict[str, tuple[datetime, str]] = {}  # until when and why, by home
        self._last: dict[str, datetime] = {}  # when the last of those who were turned away comes again, by home

    @contextmanager
    def enter(self, home: str, places: int) -> Iterator[None]:
        """Take one of so many places at a home. Raise SettlingError where none gets free soon, or the home rests.

        Credentials that it does not accept are no fault of one run: raise WaitingError, and let all wait.
        """
        with self._changed:
            self._take_place(home, places)
        try:
            yield
        except (HomeDownError, AmbiguousError) as error:
            until = error.retry_at if isinstance(error, HomeDownError) else None
            why = f"The home {home} did not answer just now; it is asked again."
            self._rest(home, until or self._clock.now() + _RESTS, why)
            raise
        except PacedError as error:
            self._rest(home, error.until or self._clock.now() + _COMES_AGAIN, str(error))
            raise
        except UnauthorizedError as error:
            until = self._clock.now() + _RESTS_UNKNOWN
            self._rest(home, until, str(error))
            raise WaitingError(str(error), until=until) from error
        finally:
            with self._changed:
                self._inside[home] -= 1
                self._changed.notify_all()

    def waiting(self, home: str) -> int:
        """Return how many runs wait in their threads for a place at a home."""
        with self._changed:
            return len(self._queues[home])

    def _take_place(self, home: str, places: int) -> None:
        self._refuse_at_rest(home)
        queue, mine = self._queues[home], object()
        if self._inside[home] >= places or queue:
            if len(queue) >= _QUEUE * places or sum(map(len, self._queues.values())) >= _QUEUES:
                self._turn_away(home)
            queue.append(mine)
            try:
                self._wait(home, places, mine)
            finally:
                queue.remove(mine)
                self._changed.notify_all()
        self._inside[home] += 1

    def _wait(self, home: str, places: int, mine: object) -> None:
        """Wait for a place, behind those who came before."""
        queue, ends = self._queues[home], self._clock.elapsed() + self._patience_s
        while self._inside[home] >= places or queue[0] is not mine:
            if not self._changed.wait(max(0.0, ends - self._clock.elapsed())):
                self._turn_away(home)
            self._refuse_at_rest(home)

    def _refuse_at_rest(self, home: str) -> None:
        now = self._clock.now()
        until, why = self._rests.get(home, (now, ""))
        if until > now:
            raise SettlingError(why, until=self._come_again(home, until))

    def _turn_away(self, home: str) -> None:
        until = self._come_again(home, self._clock.now() + _COMES_AGAIN)
        raise SettlingError(f"Other links are being written to the home {home}.", until=until)

    def _come_again(self, home: str, soonest: datetime) -> datetime:
        """Return when to come again: behind the others who were turned away."""
        last = self._last.get(home)
        self._last[home] = max(soonest, last + _APART) if last else soonest
        return self._last[home]

    def _rest(self, home: str, until: datetime, why: str) -> None:
        """Let a home rest, as long as the run says that knows of the longest rest."""
        with self._changed:
            self._rests[home] = max(self._rests.get(home, (until, why)), (until, why))
            self._changed.notify_all()
