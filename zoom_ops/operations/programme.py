"""The programme as readers see it: lists, one event, the way to its recording, and what changed."""

from dataclasses import dataclass, field
from urllib.parse import quote

from ..access import Reader, Shown, show_event
from ..clock import Clock
from ..errors import NotFoundError
from ..events import Event
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

    def __init__(self, database: Database, box: SecretBox, clock: Clock) -> None:
        self._database, self._box, self._clock = database, box, clock

    def list_upcoming(self, reader: Reader, *, limit: int = 50, offset: int = 0) -> Page:
        """List the events that have not ended, the next one first."""
        now = self._clock.now()
        with self._database.read() as connection:
            events = load_upcoming(connection, now, limit, offset)
            return self._page(events, count_events(connection, now)[0], reader, limit, offset)

    def list_past(self, reader: Reader, *, limit: int = 50, offset: int = 0) -> Page:
        """List the events that have ended, the latest first."""
        now = self._clock.now()
        with self._database.read() as connection:
            events = load_past(connection, now, limit, offset)
            return self._page(events, count_events(connection, now)[1], reader, limit, offset)

    def get(self, event_id: str, reader: Reader) -> Shown:
        """Show one event; raise NotFoundError."""
        with self._database.read() as connection:
            event = find_event(connection, event_id)
            if event is None:
                raise NotFoundError("event", event_id)
            return show_event(event, load_publications(connection, [event_id]).get(event_id, ()), reader)

    def get_recording_link(self, event_id: str, reader: Reader, part: int = 1) -> RecordingLink:
        """Tell where a published recording plays; raise NotFoundError to who may not see it."""
        shown = self.get(event_id, reader)
        uuid = next((p.recording_uuid for p in shown.recordings if p.part == part), None)
        with self._database.read() as connection:
            rows = [row for row in load_recordings(connection, event_id) if row.uuid == uuid]
        link = _link_to(read_recording(rows[0], self._box, 0)) if rows else None
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

    def _page(self, events: tuple[Event, ...], total: int, reader: Reader, limit: int, offset: int) -> Page:
        with self._database.read() as connection:
            published = load_publications(connection, [event.id for event in events])
        shown = tuple(show_event(event, published.get(event.id, ()), reader) for event in events)
        return Page(events=shown, total=total, offset=offset, limit=limit)


def _link_to(recording: Recording) -> RecordingLink | None:
    """Build the viewer's link: the share link, else the first file that plays; `?pwd=` takes the encoded form only."""
    address = recording.share_url or next((file.play_url for file in recording.files if file.play_url), None)
    if address is None:
        return None
    if recording.play_passcode:
        separator = "&" if "?" in address else "?"
        return RecordingLink(url=f"{address}{separator}pwd={quote(recording.play_passcode, safe='')}")
    return RecordingLink(url=address, passcode=recording.passcode)
