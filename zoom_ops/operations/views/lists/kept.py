"""What lists of events hold, kept while no event has changed and none has ended."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from ....store.db.connect import Database
from ....store.db.snapshot import covered
from ....store.lists.pages import find_next_end, load_list_version, load_version_and_texts

ORDER = "order"
"""The key of the order of all events: without one a search is no search of texts."""
MOST = 1_500  # values: cards, 1 kB each, which ones are on a page, some 2 kB, and whole events that are on the air

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Kept:
    """Values by key, those that were used last, until the next event ends. Threads may share it.

    Whoever keeps it asks first for what they stand as long as: a kept page asks that alone again, and not what is
    loaded here.
    """

    def __init__(self, until: datetime | None = None, most: int = MOST) -> None:
        self.until = until
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, load: Callable[[], _Value]) -> _Value:
        """Return the value of a key. Load it if it is not kept: perhaps twice, by two threads at once."""
        return self.get_each((key,), lambda _: {key: load()})[key]

    def peek(self, key: Hashable) -> Any:
        """Return the value of a key, None if it is not kept."""
        with self._lock:
            return self._values.get(key)

    def get_each(
        self, keys: Sequence[_Key], load: Callable[[Sequence[_Key]], Mapping[_Key, _Value]]
    ) -> dict[_Key, _Value]:
        """Return the values of some keys, by key. Load those together that are not kept; `load` may lack some."""
        with self._lock:
            values = {key: cast(_Value, self._values[key]) for key in keys if key in self._values}
            for key in values:
                self._values.move_to_end(key)
        if len(values) == len(keys):
            return values
        with covered():
            loaded = load([key for key in keys if key not in values])
        with self._lock:
            self._values.update(loaded.items())
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return {**values, **loaded}


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

    def at(
        self, connection: Connection, now: datetime, words: str = "", search: Hashable = None
    ) -> tuple[Kept, str | None]:
        """Return what is kept of the lists as this connection sees them now. It reads the version first.

        With it come the texts that have `words`, if they are needed: what was found is kept under the key `search`.
        Of a transaction that may yet be undone nothing is kept.
        """
        if self._database.is_joined:
            return Kept(find_next_end(connection, now)), None
        period, found = self._latest, None
        if words and period and period.kept.peek(ORDER) and period.kept.peek(search) is None:
            version, found = load_version_and_texts(connection, words)
        else:
            version = load_list_version(connection)
        if period is None or not period.holds(version, now):
            period = _Period(version=version, since=now, kept=Kept(find_next_end(connection, now)))
            self._latest = period
        return period.kept, found
