"""Send windows: no second holds more requests than the limit, and each counts as long as it may be under way.

`Limits` paces requests by their places. A busy machine may send several of them late and together; a send window
prevents that one second holds more of them than the limit.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Table, select, update

from ...clock import Clock
from ...store.db.connect import Database
from ...store.db.upsert import insert_into
from ...store.tables import budget
from ...tracing import step
from ..endpoints import Label

WINDOW_S = 1.0
LONGEST_WAY_S = 0.1  # the longest way of a request to Zoom; at nine tenths of the limit this costs no throughput
_SHORTEST_S = 0.001
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class OwnSendWindow:
    """Counts the requests of each label that leave this process: with SQLite no other process sends any."""

    def __init__(self, rates: Mapping[str, int], clock: Clock) -> None:
        self._rates, self._clock, self._lock = rates, clock, Lock()
        self._passed: dict[str, list[_Passage]] = {label: [] for label in rates}

    @contextmanager
    def passing(self, label: Label) -> Iterator[None]:
        """Wait until one more request may arrive at Zoom. It may arrive until the block ends."""
        passage = self._enter(label)
        try:
            yield
        finally:
            passage.arrived = self._clock.elapsed()

    def _enter(self, label: Label) -> "_Passage":
        while True:
            with self._lock:
                now = self._clock.elapsed()
                recent = [passed for passed in self._passed[label] if passed.latest(now) > now - WINDOW_S]
                self._passed[label] = recent
                if len(recent) < self._rates[label]:
                    recent.append(passage := _Passage(now))
                    return passage
                wait = min(passed.latest(now) for passed in recent) + WINDOW_S - now
            wait_in_line(self._clock, wait, label)


class SharedSendWindow:
    """Counts the requests of all processes, in the row of the label: two processes may be late at the same time."""

    def __init__(self, account: str, rates: Mapping[str, int], database: Database, clock: Clock) -> None:
        self._account, self._rates = account, rates
        self._database, self._clock = database, clock

    @contextmanager
    def passing(self, label: Label) -> Iterator[None]:
        """Wait until one more request may arrive at Zoom. It counts for the longest way, even if it arrives sooner."""
        while wait := self._wait(label):
            wait_in_line(self._clock, wait, label)
        yield

    def _wait(self, label: Label) -> float:
        """Count one more request and return 0, or return how long to wait, in seconds."""
        with self._database.begin(durable=False) as connection:
            row = lock_row(connection, budget, account=self._account, label=label, free_at=LONG_AGO)
            counted, now = self._clock.elapsed(), self._database.now(connection).timestamp()
            recent: list[float] = [left for left in row.passed or () if abs(now - left) < WINDOW_S + LONGEST_WAY_S]
            if len(recent) >= self._rates[label]:
                return max(_SHORTEST_S, min(recent) + WINDOW_S + LONGEST_WAY_S - now)
            query = update(budget).filter_by(account=self._account, label=label)
            connection.execute(query.values(passed=[*recent, now]))
        is_late = self._clock.elapsed() - counted > LONGEST_WAY_S  # this process was delayed, so it counts once more
        return _SHORTEST_S if is_late else 0.0


@dataclass
class _Passage:
    """One request: when it left, and when its answer arrived."""

    left: float
    arrived: float | None = None

    def latest(self, now: float) -> float:
        """Return the latest moment at which the request can have arrived at Zoom."""
        return min(now if self.arrived is None else self.arrived, self.left + LONGEST_WAY_S)


def wait_in_line(clock: Clock, seconds: float, label: str) -> None:
    """Wait because of the rate limit of a label; a trace shows it."""
    with step("wait for the rate limit", {"zoom_ops.rate_limit": label}):
        clock.sleep(seconds)


def lock_row(connection: Connection, table: Table, **values: Any) -> Any:
    """Insert the row if there is none, and hold its row lock until the transaction ends."""
    its_row = select(table).filter_by(**{column.name: values[column.name] for column in table.primary_key})
    if row := connection.execute(its_row.with_for_update()).first():
        return row
    connection.execute(insert_into(connection, table).values(values).on_conflict_do_nothing())
    return connection.execute(its_row.with_for_update()).one()
