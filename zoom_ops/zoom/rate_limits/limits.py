"""Zoom's rate limits, shared by all processes through the database: a pace per label, 100 changes per host and day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, update

from ...clock import Clock
from ...errors import ConfigurationError, WaitingError, shorten
from ...store.db.connect import Database
from ...store.tables import budget, host_day
from ..accounts import ZoomAccount
from ..endpoints import Label
from ..errors import RateLimitedError
from ..responses import LONGEST_PAUSE, Answer, retry_after
from .send_window import LONG_AGO, OwnSendWindow, SharedSendWindow, lock_row, wait_in_line

PER_SECOND = {  # Zoom's plans
    "free": {"LIGHT": 4, "MEDIUM": 2, "HEAVY": 1},
    "pro": {"LIGHT": 30, "MEDIUM": 20, "HEAVY": 10},
    "business": {"LIGHT": 80, "MEDIUM": 60, "HEAVY": 40},
}
SHARE = 0.9  # of the limit; the rest is for other apps and for clocks that differ
HOST_DAY_LIMIT = 100
HOST_DAY_RESERVE = 10  # reserved for operators
LONGEST_WAIT_S = 1.0
_FURTHEST_S = LONGEST_WAIT_S + 4  # room for a few places taken at once, at the slowest pace
_SHORT, _DAY = timedelta(seconds=1), timedelta(days=1)


class Limits:
    """The rate limits of one account. Zoom counts per account, over all apps and processes.

    A place is the moment at which one request of a label may leave. Places of a label lie 1 / (0.9 × limit) seconds
    apart. The send window checks again, right before a request leaves, that no second holds more than the limit.
    """

    def __init__(self, account: ZoomAccount, database: Database, clock: Clock) -> None:
        if account.plan not in PER_SECOND:
            known = ", ".join(sorted(PER_SECOND))
            raise ConfigurationError(f"{account.setting('PLAN')} is {account.plan!r}; known are {known}.")
        self._account, self._rates = account.name, PER_SECOND[account.plan]
        self._database, self._clock = database, clock
        self.send_window = (
            OwnSendWindow(self._rates, clock)
            if database.is_sqlite
            else SharedSendWindow(self._account, self._rates, database, clock)
        )
        self._held: dict[str, tuple[float, datetime]] = {}  # for threads that took a place before a 429

    def reserve(
        self, label: Label, places: int = 1, *, host: str = "", operator: bool = False
    ) -> tuple[list[float], str]:
        """Take the next places of a label, and wait up to a second for the first; RateLimitedError if it is further.

        Returns the places, by `elapsed` of the clock, and the UTC day on which a create or update counts, if any.
        `host`: one of them is a create or update of this host, and counts towards its day; WaitingError when today's
        are used up.
        """
        step = 1 / (SHARE * self._rates[label])
        with self._database.begin(durable=False) as connection:
            day = self._count(connection, host, operator=operator) if host else ""
            row = self._lock_row(connection, budget, label=label, free_at=LONG_AGO)
            now, elapsed = self._database.now(connection), self._clock.elapsed()
            free_at = min(row.free_at, now + timedelta(seconds=_FURTHEST_S))  # it is further only after a clock step
            place = max(now, free_at, row.held_until or now)
            wait = (place - now).total_seconds()
            following = place + timedelta(seconds=places * step) if wait <= LONGEST_WAIT_S else free_at
            if following != row.free_at:  # also if no place is taken: else a clock set back would block for long
                connection.execute(self._change(budget, label=label).values(free_at=following))
            if wait > LONGEST_WAIT_S and day:
                self._uncount(connection, host, day)
        if wait > LONGEST_WAIT_S:
            raise RateLimitedError(f"Zoom's rate limit ({label.lower()}) leaves no room yet.", retry_at=place)
        try:
            self.wait_for(label, elapsed + wait)
        except RateLimitedError:
            if day:
                self.uncount(host, day)
            raise
        return [elapsed + wait + number * step for number in range(places)], day

    def wait_for(self, label: Label, place: float) -> None:
        """Wait for a place that was taken; RateLimitedError if a 429 meanwhile delays it by over a second."""
        now = self._clock.elapsed()
        until, moment = self._held.get(label, (now, LONG_AGO))
        if until > max(now, place) + LONGEST_WAIT_S:
            raise RateLimitedError(f"Zoom's rate limit ({label.lower()}) leaves no room yet.", retry_at=moment)
        wait = max(place, until) - now
        if wait > 0:
            wait_in_line(self._clock, wait, label)

    def hold(self, label: Label, until: datetime) -> None:
        """Let no request of a label leave before `until`."""
        with self._database.begin(durable=False) as connection:
            row = self._lock_row(connection, budget, label=label, free_at=LONG_AGO)
            held_until = max(until, row.held_until or until)
            ends = self._clock.elapsed() + (held_until - self._database.now(connection)).total_seconds()
            self._held[label] = (ends, held_until)
            connection.execute(self._change(budget, label=label).values(held_until=held_until))

    def uncount(self, host: str, day: str) -> None:
        """Take back a create or update that was counted and not sent."""
        with self._database.begin(durable=False) as connection:
            self._uncount(connection, host, day)

    def turn_away(self, label: Label, answer: Answer, host: str) -> RateLimitedError | WaitingError:
        """Note a 429 and build its error. Only the message of a 429 says reliably which limit it is."""
        now = self._database.ask_clock()
        message = answer.message.lower()
        if "create/update" in message and host:
            with self._database.begin(durable=False) as connection:
                row = self._lock_row(connection, host_day, host=host, day=_day_of(now), used=0)
                self._use(connection, host, _day_of(now), max(row.used, HOST_DAY_LIMIT))
            return _used_up(host, now, HOST_DAY_LIMIT)
        if "registrant" in message:
            return RateLimitedError(f"Zoom: {shorten(answer.message)}", retry_at=_midnight_after(now))
        if "concurrent" in message:
            return RateLimitedError("Zoom is still busy with a request to the same thing.", retry_at=now + _SHORT)
        daily = "daily" in message
        until = retry_after(answer, now, longest=_DAY if daily else LONGEST_PAUSE)
        until = until or (_midnight_after(now) if daily else now + _SHORT)
        self.hold(label, until)
        return RateLimitedError(f"Zoom's {'daily' if daily else 'rate'} limit is reached.", retry_at=until)

    def _count(self, connection: Connection, host: str, *, operator: bool) -> str:
        today = self._database.now(connection)
        day = _day_of(today)
        row = self._lock_row(connection, host_day, host=host, day=day, used=0)
        if row.used >= HOST_DAY_LIMIT - (0 if operator else HOST_DAY_RESERVE):
            raise _used_up(host, today, row.used)
        self._use(connection, host, day, row.used + 1)
        return day

    def _uncount(self, connection: Connection, host: str, day: str) -> None:
        row = self._lock_row(connection, host_day, host=host, day=day, used=0)
        self._use(connection, host, day, max(0, row.used - 1))

    def _use(self, connection: Connection, host: str, day: str, used: int) -> None:
        connection.execute(self._change(host_day, host=host, day=day).values(used=used))

    def _lock_row(self, connection: Connection, table: Table, **values: Any) -> Any:
        return lock_row(connection, table, account=self._account, **values)

    def _change(self, table: Table, **keys: Any) -> Any:
        return update(table).filter_by(account=self._account, **keys)


def _used_up(host: str, now: datetime, used: int) -> WaitingError:
    kept = "" if used >= HOST_DAY_LIMIT else f", and the last {HOST_DAY_RESERVE} are kept for operators"
    return WaitingError(
        f"Zoom allows {HOST_DAY_LIMIT} creates and updates a day for {host}; today's are used up{kept}. "
        "It goes on at 00:00 UTC.",
        until=_midnight_after(now),
    )


def _day_of(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _midnight_after(moment: datetime) -> datetime:
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)
