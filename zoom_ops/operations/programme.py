"""The programme as readers see it: lists, one event, the way to its recording, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote

from sqlalchemy import Connection

from ..access import Reader, Shown, show_event
from ..clock import Clock
from ..errors import NotFoundError
from ..events import Event, Publication
from ..profiles import Profile
from ..store.choosing import Choices, Wanted, load_choices
from ..store.connect import Database
from ..store.events import (
    EventChange,
    count_events,
    find_event,
    latest_seq,
    load_changes_after,
    load_past,
    load_upcoming,
)
from ..store.recordings import load_publications, load_recordings, read_recording
from ..store.secrets import SecretBox
from ..webinars import Recording
from .choosing import EVERYTHING, choose


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list of events."""

    events: tuple[Shown, ...]
    total: int
    offset: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class RecordingLink:
    """Where a recording plays at Zoom; without `?pwd=` in it, `passcode` is what a person has to type there."""

    url: str
    passcode: str | None = field(default=None, repr=False)


class Programme:
    """What the doors show of the events, for one reader at a time."""

    def __init__(
        self, database: Database, box: SecretBox, clock: Clock, profiles: Mapping[str, Profile] = MappingProxyType({})
    ) -> None:
        self._database, self._box, self._clock, self._profiles = database, box, clock, profiles

    def list_upcoming(self, reader: Reader, *, limit: int = 50, offset: int = 0, wanted: Wanted = EVERYTHING) -> Page:
        """List the events that have not ended, the next one first; of those that are wanted."""
        now = self._clock.now()
        with self._database.read() as connection:
            where = choose(connection, wanted, reader)
            events = load_upcoming(connection, now, limit, offset, where)
            published = load_publications(connection, [event.id for event in events])
            total = count_events(connection, now, where)[0]
        return _page(events, published, total, reader, limit, offset)

    def list_past(self, reader: Reader, *, limit: int = 50, offset: int = 0, wanted: Wanted = EVERYTHING) -> Page:
        """List the events that have ended, the latest first; of those that are wanted."""
        now = self._clock.now()
        with self._database.read() as connection:
            where = choose(connection, wanted, reader)
            events = load_past(connection, now, limit, offset, where)
            published = load_publications(connection, [event.id for event in events])
            total = count_events(connection, now, where)[1]
        return _page(events, published, total, reader, limit, offset)

    def list_choices(self) -> Choices:
        """List by what events can be chosen."""
        with self._database.read() as connection:
            return load_choices(connection)

    def get(self, event_id: str, reader: Reader) -> Shown:
        """Show one event; raise NotFoundError."""
        with self._database.read() as connection:
            return _load_shown(connection, event_id, reader)[1]

    def get_recording_link(self, event_id: str, reader: Reader, part: int = 1) -> RecordingLink:
        """Tell where a published recording plays; raise NotFoundError to who may not see it."""
        with self._database.read() as connection:
            event, shown = _load_shown(connection, event_id, reader)
            uuid = next((p.recording_uuid for p in shown.recordings if p.part == part), None)
            rows = [row for row in load_recordings(connection, event_id) if row.uuid == uuid]
        profile = self._profiles.get(event.profile)
        preferred = profile.recording_types if profile else ()
        link = _link_to(read_recording(rows[0], self._box, 0), preferred) if rows else None
        if link is None:
            raise NotFoundError("recording", event_id)
        return link

    def latest_change(self) -> int:
        """Tell the newest place in the sequence of changes."""
        with self._database.read() as connection:
            return latest_seq(connection)

    def changes_after(self, seq: int) -> tuple[EventChange, ...]:
        """List what happened to any event after a place in the sequence."""
        with self._database.read() as connection:
            return load_changes_after(connection, seq)


def _load_shown(connection: Connection, event_id: str, reader: Reader) -> tuple[Event, Shown]:
    """Load an event, and what of it a reader may see; raise NotFoundError."""
    event = find_event(connection, event_id)
    if event is None:
        raise NotFoundError("event", event_id)
    published = load_publications(connection, [event_id]).get(event_id, ())
    return event, show_event(event, published, reader)


def _page(
    events: tuple[Event, ...],
    published: Mapping[str, tuple[Publication, ...]],
    total: int,
    reader: Reader,
    limit: int,
    offset: int,
) -> Page:
    shown = tuple(show_event(event, published.get(event.id, ()), reader) for event in events)
    return Page(events=shown, total=total, offset=offset, limit=limit)


def _link_to(recording: Recording, preferred: Sequence[str]) -> RecordingLink | None:
    """Build the viewer's link: the share link, else the preferred file; `?pwd=` takes the encoded form only."""
    order = {kind: place for place, kind in enumerate(preferred)}
    playing = [file for file in recording.files if file.play_url]
    playing.sort(key=lambda file: order.get(file.recording_type or "", len(order)))
    address = recording.share_url or (playing[0].play_url if playing else None)
    if address is None:
        return None
    if recording.play_passcode:
        separator = "&" if "?" in address else "?"
        return RecordingLink(url=f"{address}{separator}pwd={quote(recording.play_passcode, safe='')}")
    return RecordingLink(url=address, passcode=recording.passcode)
