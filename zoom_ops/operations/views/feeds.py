"""What the service offers to programs that come back for it: calendars, new recordings, the list of all addresses.

It is always what a visitor may see, whoever asks: calendars and feed readers keep it, and pass it on to others.
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
    find_dated,
    load_dated,
    load_event_addresses,
    load_recorded,
    load_series,
    load_series_addresses,
)
from ...store.recordings import load_publications

LONGEST_SERIES = 200  # events in one calendar, the latest ones: four years of a weekly series
NEWEST = 50  # recordings in a feed
_LOOKED_THROUGH = 2 * NEWEST  # recordings: some may be narrowed meanwhile, or parts of the same event


@dataclass(frozen=True, kw_only=True)
class Dated:
    """An event as a visitor may see it, with what tells one state of it from the next."""

    shown: Shown
    sequence: int  # how often what calendars show of it was changed
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Series:
    """A series as a visitor may see it, its latest event first."""

    slug: str
    name: str
    events: tuple[Dated, ...]


@dataclass(frozen=True, kw_only=True)
class Released:
    """A recording that everybody may see, and its event."""

    shown: Shown
    recording: Publication


class Feeds:
    """What feeds tell of the programme."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_event(self, event_id: str) -> Dated:
        """Get one event; raise NotFoundError."""
        with self._database.read() as connection:
            found = find_dated(connection, event_id)
            if found is None:
                raise NotFoundError("event", event_id)
            return _show(connection, (found,))[0]

    def get_series(self, slug: str) -> Series:
        """Get a series by its address; raise NotFoundError where no event belongs to it."""
        with self._database.read() as connection:
            events = _show(connection, load_series(connection, slug, LONGEST_SERIES))
        if not events:
            raise NotFoundError("series", slug)
        return Series(slug=slug, name=events[0].shown.event.series or slug, events=events)

    def name_series(self, slug: str) -> str:
        """Tell the name of a series by its address; raise NotFoundError where no event belongs to it."""
        with self._database.read() as connection:
            latest = load_series(connection, slug, 1)
        if not latest:
            raise NotFoundError("series", slug)
        return latest[0].event.series or slug

    def list_recordings(self, series: str | None = None) -> tuple[Released, ...]:
        """List the recordings that came last, the newest first; of one series or of all."""
        with self._database.read() as connection:
            ids = load_recorded(connection, _LOOKED_THROUGH, series)
            events = _show(connection, load_dated(connection, ids))
        released = [Released(shown=one.shown, recording=part) for one in events for part in one.shown.recordings]
        released.sort(
            key=lambda one: (one.recording.published_at, one.shown.event.id, one.recording.part), reverse=True
        )
        return tuple(released[:NEWEST])

    def count_events(self) -> int:
        """Count the events that have a page."""
        with self._database.read() as connection:
            return count_addresses(connection)

    def list_events(self, *, limit: int, offset: int) -> tuple[DatedAddress, ...]:
        """List a part of the events that have a page, in the order of their addresses."""
        with self._database.read() as connection:
            return load_event_addresses(connection, limit, offset)

    def list_series(self) -> tuple[DatedAddress, ...]:
        """List the series that have a page, in the order of their addresses."""
        with self._database.read() as connection:
            return load_series_addresses(connection)


def _show(connection: Connection, events: Iterable[DatedEvent]) -> tuple[Dated, ...]:
    found = tuple(events)
    published = load_publications(connection, [one.event.id for one in found])
    return tuple(
        Dated(
            shown=show_event(one.event, published.get(one.event.id, ()), VISITOR),
            sequence=one.sequence,
            changed_at=one.changed_at,
        )
        for one in found
    )
