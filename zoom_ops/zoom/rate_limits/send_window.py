"""Let no second hold more requests than the limit, counting each as long as it may be under way."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Protocol

from sqlalchemy import Connection, Table, select, update

from ...clock import Clock
from ...store.db.connect import Database
from ...store.db.upsert import insert_into
from ...store.tables import budget
from ..endpoints import Label

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def lock_row(connection: Connection, table: Table, **values: Any) -> Any:
    """Make the row if there is none, and hold it until the transaction ends."""
    its_row = select(table).filter_by(**{column.name: values[column.name] for column in table.primary_key})
    if row := connection.execute(its_row.with_for_update()).first():
        return row
    connection.execute(insert_into(connection, table).values(values).on_conflict_do_nothing())
    return connection.execute(its_row.with_for_update()).one()


WINDOW_S = 1.0
LONGEST_WAY_S = 0.1  # so long a request may be on its way: at nine tenths of the limit this costs nothing
_SHORTEST_S = 0.001


class SendWindow(Protocol):
    """Counts what is sent of each label; a place in the pace says when, and a busy machine comes late."""

    def passing(self, label: Label) -> AbstractContextManager[None]:
        """Wait until one more may arrive at Zoom; it may do so until the block ends."""
        ...


class OwnSendWindow:
    """Counts what this process sends: nobody else does."""

    def __init__(self, rates: Mapping[str, int], clock: Clock) -> None:
        self._rates = rates
        self._clock = clock
        self._lock = Lock()
        self._passed: dict[str, list[_Passage]] = {label: [] for label in rates}

    @contextmanager
    def passing(self, label: Label) -> Iterator[None]:
        """Wait until one more may arrive at Zoom; it may do so until the block ends."""
        passage = self._enter(label)
        try:
            yield
        finally:
            passage.arrived = self._clock.elapsed()

    def _enter(self, label: Label) -> "_Passage":
        while True:
            with self._lock:
                now = self._clock.elapsed()
                recent = [one for one in self._passed[label] if one.latest(now) > now - WINDOW_S]
                self._passed[label] = recent
                if len(recent) < self._rates[label]:
                    recent.append(passage := _Passage(now))
                    return passage
                wait = min(one.latest(now) for one in recent) + WINDOW_S - now
            self._clock.sleep(wait)


class SharedSendWindow:
    """Counts what all processes send, in the row of the label: two of them may come late at the same time."""

    def __init__(self, account: str, rates: Mapping[str, int], database: Database, clock: Clock) -> None:
        self._account, self._rates = account, rates
        self._database, self._clock = database, clock

    @contextmanager
    def passing(self, label: Label) -> Iterator[None]:
        """Wait until one more may arrive at Zoom; it counts for the longest way, whenever it does."""
        while wait := self._wait(label):
            self._clock.sleep(wait)
        yield

    def _wait(self, label: Label) -> float:
        """Count one more and tell 0, or how long to wait, in seconds."""
        with self._database.begin(durable=False) as connection:
            row = lock_row(connection, budget, account=self._account, label=label, free_at=LONG_AGO)
            counted, now = self._clock.elapsed(), self._database.now(connection).timestamp()
            recent: list[float] = [left for left in row.passed or () if abs(now - left) < WINDOW_S + LONGEST_WAY_S]
            if len(recent) >= self._rates[label]:
                return max(_SHORTEST_S, min(recent) + WINDOW_S + LONGEST_WAY_S - now)
            mine = update(budget).filter_by(account=self._account, label=label)
            connection.execute(mine.values(passed=[*recent, now]))
        late = self._clock.elapsed() - counted > LONGEST_WAY_S  # this process was kept from going on: not that one
        return _SHORTEST_S if late else 0.0


class _Passage:
    """One request: when it left, and when its answer was here."""

    def __init__(self, left: float) -> None:
        self.left = left
        self.arrived: float | None = None

    def latest(self, now: float) -> float:
        """Tell the latest moment at which it can have arrived."""
        return min(now if self.arrived is None else self.arrived, self.left + LONGEST_WAY_S)
