"""What lists of events hold, kept while no event has changed and none has ended."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from ....store.db.connect import Database
from ....store.lists.pages import find_next_end, load_list_version

MOST = 500  # events on all pages that are kept; each takes some 10 kB

_Value = TypeVar("_Value")


class Kept:
    """Values by key, the latest used ones, of one weight in all, until the next event ends. Threads may share it."""

    def __init__(self, until: datetime | None = None, most: int = MOST) -> None:
        self.until = until
        self._most, self._weight, self._lock = most, 0, Lock()
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable, load: Callable[[], _Value], weigh: Callable[[_Value], int] = lambda _: 1) -> _Value:
        """Return the value of a key. Load it if it is not kept: perhaps twice, by two threads at once."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return cast(_Value, self._values[key][0])
        value = load()
        weight = weigh(value)
        with self._lock:
            if key not in self._values:
                self._values[key] = value, weight
                self._weight += weight
            while self._weight > self._most:
                _, (_, dropped) = self._values.popitem(last=False)
                self._weight -= dropped
        return value


@dataclass(frozen=True, kw_only=True)
class _Period:
    """A time in which lists stay as they are, if the version stays."""

    version: int
    since: datetime
    kept: Kept

    def holds(self, version: int, now: datetime) -> bool:
        until = self.kept.until
        return version == self.version and self.since <= now and (until is None or now < until)


class KeptLists:
    """The lists of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest: _Period | None = None

    def at(self, connection: Connection, now: datetime) -> Kept:
        """Return what is kept of the lists as this connection sees them now. It reads the version first.

        Of a transaction that may yet be undone nothing is kept.
        """
        if self._database.is_joined:
            return Kept(find_next_end(connection, now))
        version, period = load_list_version(connection), self._latest
        if period is None or not period.holds(version, now):
            period = _Period(version=version, since=now, kept=Kept(find_next_end(connection, now)))
            self._latest = period
        return period.kept
