"""Read models of the feeds: calendars, new recordings, the sitemap.

They hold only what a visitor may see, for every reader: calendars and feed readers store it and pass it on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ...access import VISITOR, Shown, show_event
from ...errors import NotFoundError
from ...events import Publication
from ...store.db.connect import Database
from ...store.feeds import (
    DatedAddress,
    DatedEvent,
    count_addresses,
    find_series_name,
    load_dated,
    load_event_addresses,
    load_recorded,
    load_series,
    load_series_addresses,
)
from ...store.recordings import load_publications

LONGEST_SERIES = 200  # latest events in one calendar: four years of a weekly series
NEWEST = 50  # recordings in a feed
_LOOKED_THROUGH = 2 * NEWEST  # recordings: some may no longer be public, some are parts of the same event


@dataclass(frozen=True, kw_only=True)
class Dated:
    """An event as a visitor may see it, with its revision."""

    shown: Shown
    sequence: int  # number of changes to the fields that calendars show
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Series:
    """A series as a visitor may see it, its latest event first."""

    slug: str
    name: str
    events: tuple[Dated, ...]


@dataclass(frozen=True, kw_only=True)
class Released:
    """A public recording with its event."""

    shown: Shown
    recording: Publication


class Feeds:
    """Load what the feeds show of the programme."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_event(self, event_id: str) -> Dated:
        """Get one event. Raise NotFoundError."""
        with self._database.read() as connection:
            events = load_dated(connection, (event_id,))
            if not events:
                raise NotFoundError("event", event_id)
            return _show(connection, events)[0]

    def get_series(self, slug: str) -> Series:
        """Get a series by its slug. Raise NotFoundError if no event belongs to it."""
        with self._database.read() as connection:
            events = _show(connection, load_series(connection, slug, LONGEST_SERIES))
        if not events:
            raise NotFoundError("series", slug)
        return Series(slug=slug, name=events[0].shown.event.series or slug, events=events)

    def name_series(self, slug: str) -> str:
        """Return the name of a series by its slug. Raise NotFoundError if no event belongs to it."""
        with self._database.read() as connection:
            name = find_series_name(connection, slug)
        if name is None:
            raise NotFoundError("series", slug)
        return name

    def list_recordings(self, series: str | None = None) -> tuple[Released, ...]:
        """List the latest public recordings of one series or of all, the newest first."""
        with self._database.read() as connection:
            ids = load_recorded(connection, _LOOKED_THROUGH, series)
            events = _show(connection, load_dated(connection, ids))
        released = [Released(shown=event.shown, recording=part) for event in events for part in event.shown.recordings]
        released.sort(key=lambda r: (r.recording.published_at, r.shown.event.id, r.recording.part), reverse=True)
        return tuple(released[:NEWEST])

    def count_events(self) -> int:
        """Count the events that have a page."""
        with self._database.read() as connection:
            return count_addresses(connection)

    def list_events(self, *, limit: int, offset: int) -> tuple[DatedAddress, ...]:
        """List some of the events that have a page, ordered by address."""
        with self._database.read() as connection:
            return load_event_addresses(connection, limit, offset)

    def list_series(self) -> tuple[DatedAddress, ...]:
        """List the series that have a page, ordered by address."""
        with self._database.read() as connection:
            return load_series_addresses(connection)


def _show(connection: Connection, events: Iterable[DatedEvent]) -> tuple[Dated, ...]:
    rows = tuple(events)
    published = load_publications(connection, [row.event.id for row in rows])
    return tuple(
        Dated(
            shown=show_event(row.event, published.get(row.event.id, ()), VISITOR),
            sequence=row.sequence,
            changed_at=row.changed_at,
        )
        for row in rows
    )
