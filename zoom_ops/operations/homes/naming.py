"""Which event a record is, and an id for one that is new: never that of another event because of its name."""

import hashlib
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ...events import Event, make_slug
from ...store.events import find_by_origins, find_records, origin_key
from ..context import Context
from ..events.identity import take_own
from .reading import ReadRecord


class KnownIds:
    """The events that some records are, loaded in a few statements. `lock`: nobody else edits them meanwhile."""

    def __init__(
        self, context: Context, connection: Connection, home: str, reads: Sequence[ReadRecord], *, lock: bool
    ) -> None:
        self._home = home
        announced = [each.announced for each in reads]
        self._by_origin = find_by_origins(connection, [origin_key(each.origin or "") for each in announced])
        self._own = {each.origin: each.event.id for each in take_own(context, announced) if each.id_given}
        known = [each.event_id for each in reads if each.event_id]
        new = [name for each in reads for name in self._names(each)]
        ids = dict.fromkeys((*known, *self._by_origin.values(), *self._own.values(), *new))
        self._events = {key: found.event for key, found in find_records(connection, ids, lock=lock).items()}
        self._used = set(self._events)

    def find(self, read: ReadRecord) -> Event | None:
        """Find the event that a record is: it was read before, or came here from elsewhere; or None."""
        origin = read.announced.origin
        ids = (read.event_id, self._own.get(origin), self._by_origin.get(origin_key(origin or "")))
        return next((self._events[key] for key in ids if key in self._events), None)

    def is_own(self, read: ReadRecord) -> bool:
        """Return whether a record is an event of ours that came back: a calendar or a page of this installation."""
        return read.announced.origin in self._own

    def make(self, read: ReadRecord) -> str:
        """Return an id that no event has."""
        event_id = next(name for name in self._names(read) if name not in self._used)
        self._used.add(event_id)
        return event_id

    def _names(self, read: ReadRecord) -> tuple[str, ...]:
        event = read.announced.event
        day = event.start.astimezone(ZoneInfo(event.timezone)).date().isoformat()
        unique = hashlib.sha256(f"{self._home}/{read.raw.id}".encode()).hexdigest()[:10]
        title = make_slug(event.series, event.name)
        return title, make_slug(event.series, event.name, day), f"{title[:80].rstrip('-')}-{unique}"
