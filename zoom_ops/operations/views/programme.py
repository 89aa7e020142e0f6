"""The programme, as one reader may see it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from sqlalchemy import Connection

from ...access import VISITOR, LiveStatus, Reader, Shown, show_event
from ...clock import Clock
from ...errors import NotFoundError
from ...events import Event, Publication
from ...homes import HomeSettings
from ...link_keys import is_key
from ...profiles import Profile
from ...store.db.connect import Database
from ...store.db.encryption import SecretBox
from ...store.event_queries import ProgrammeFilter, load_choices
from ...store.events import EventChange, find_event, latest_seq, load_changes_after
from ...store.pictures.kept import load_picture
from ...store.recordings import load_publications, load_recordings, read_recording
from ...store.webinars import find_join_url, find_registration_url
from ..reconcile.member_keys import load_member_keys
from ..recordings.playing import RecordingLink, link_to
from .lists import KeptLists, Lists, Page, ProgrammeLists, Window, asked_by
from .live_status import load_live_statuses
from .standing import choose_action

EVERYTHING = ProgrammeFilter()
_WAYS_IN = {"register": find_registration_url, "join": find_join_url}


class Programme:
    """Load events for the pages and the API, reduced to what the given reader may see."""

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        clock: Clock,
        profiles: Mapping[str, Profile] = MappingProxyType({}),
        recording_margin: timedelta = timedelta(days=1),
        homes: Mapping[str, HomeSettings] = MappingProxyType({}),
        playing_hosts: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`playing_hosts`: where recordings may play, beside Zoom."""
        self._database, self._box, self._clock = database, box, clock
        self._profiles, self._margin, self._homes = profiles, recording_margin, homes
        self._playing_hosts = playing_hosts
        self._lists = KeptLists(database)

    def list_events(
        self,
        reader: Reader,
        *,
        past: bool = False,
        limit: int = 50,
        offset: int = 0,
        wanted: ProgrammeFilter = EVERYTHING,
    ) -> Page[Shown]:
        """List the events that match `wanted`: coming ones, the next first, or past ones, the latest first.

        Operators also get the unlisted ones and the drafts, authors the drafts.
        """
        windows = (Window(past=past, limit=limit, offset=offset),)
        with self._open_lists(reader, wanted, windows, named_to=reader) as lists:
            return lists.pages(windows)[0]

    def load_programme(
        self, reader: Reader, wanted: ProgrammeFilter, *, limit: int, coming: int = 0, past: int = 0
    ) -> ProgrammeLists:
        """Load a page of the coming and one of the past listed events that match `wanted`, from these offsets on."""
        both = (Window(past=False, limit=limit, offset=coming), Window(past=True, limit=limit, offset=past))
        with self._open_lists(reader, wanted, both, named_to=VISITOR) as lists:
            first, second = lists.cards(both)
            choices = lists.kept.get("choices", partial(load_choices, lists.connection))
        return ProgrammeLists(coming=first, past=second, choices=choices, next_end=lists.kept.until)

    @contextmanager
    def _open_lists(
        self, reader: Reader, wanted: ProgrammeFilter, windows: tuple[Window, ...], *, named_to: Reader
    ) -> Iterator[Lists]:
        now, search = self._clock.now(), (asked_by(reader, wanted, named_to), windows)
        with self._database.read() as connection:
            kept, found = self._lists.at(connection, now, wanted.words, search)
            yield Lists(
                connection=connection,
                kept=kept,
                found=found,
                now=now,
                reader=reader,
                wanted=wanted,
                named_to=named_to,
                profiles=self._profiles,
                margin=self._margin,
            )

    def get(self, event_id: str, reader: Reader) -> Shown:
        """Get one event. Raise NotFoundError."""
        with self._database.read() as connection:
            return self._load(connection, event_id, reader).show(reader)

    def get_both(self, event_id: str, reader: Reader) -> tuple[Shown, Shown]:
        """Get one event as the reader may see it, and as a visitor may. Raise NotFoundError if the reader may not."""
        with self._database.read() as connection:
            loaded = self._load(connection, event_id, reader)
        shown = loaded.show(reader)
        return shown, shown if reader == VISITOR else loaded.show(VISITOR)

    def get_picture(self, event_id: str, reader: Reader, digest: str, *, small: bool) -> tuple[Event, bytes]:
        """Return a picture of an event, as JPEG, with the event. Raise NotFoundError if the reader may not see it."""
        with self._database.read() as connection:
            event = find_event(connection, event_id)
            if event is None or not reader.may_find(event):
                raise NotFoundError("event", event_id)
            content = load_picture(connection, digest, small=small) if digest in event.pictures else None
        if content is None:
            raise NotFoundError("picture", digest)
        return event, content

    def get_recording_link(self, event_id: str, reader: Reader, part: int = 1, key: str = "") -> RecordingLink:
        """Return the link that plays a published recording. Raise NotFoundError if the reader may not see it.

        `key`: of a link for members, which opens the one recording that it was made for.
        """
        with self._database.read() as connection:
            opened = self._opened_by(connection, event_id, key) if is_key(key) else ()
            loaded = self._load(connection, event_id, reader)
            shown = loaded.show(replace(reader, recordings=opened))
            uuid = next((p.recording_uuid for p in shown.recordings if p.part == part), None)
            rows = [row for row in load_recordings(connection, event_id) if row.uuid == uuid]
        profile = self._profiles.get(loaded.event.profile)
        preferred = profile.recording_types if profile else ()
        link = link_to(read_recording(rows[0], self._box, 0), preferred, self._playing_hosts()) if rows else None
        if link is None:
            raise NotFoundError("recording", event_id)
        return link

    def find_way_in(self, event_id: str, reader: Reader) -> str | None:
        """Find the registration or join link of a webinar, or None if the reader may not use one now."""
        with self._database.read() as connection:
            action = choose_action(self._load(connection, event_id, reader).show(reader), self._clock.now())
            if action.locked or action.kind not in _WAYS_IN:
                return None
            return _WAYS_IN[action.kind](connection, self._box, event_id)

    def latest_change(self) -> int:
        """Return the newest sequence number of the changes."""
        with self._database.read() as connection:
            return latest_seq(connection)

    def changes_after(self, seq: int) -> tuple[EventChange, ...]:
        """List the changes of all events after a sequence number."""
        with self._database.read() as connection:
            return load_changes_after(connection, seq)

    def _opened_by(self, connection: Connection, event_id: str, key: str) -> tuple[str, ...]:
        keys = load_member_keys(connection, self._box, self._homes, event_id)
        published = load_publications(connection, [event_id]).get(event_id, ())
        return keys.opened_by(key, (each.recording_uuid for each in published))

    def _load(self, connection: Connection, event_id: str, reader: Reader) -> "_Loaded":
        """Load an event with its recordings and live status. Raise NotFoundError if the reader may not find it."""
        event = find_event(connection, event_id)
        if event is None or not reader.may_find(event):
            raise NotFoundError("event", event_id)
        return _Loaded(
            event=event,
            published=load_publications(connection, [event_id]).get(event_id, ()),
            live_status=load_live_statuses(connection, (event,), self._profiles, self._margin)[event_id],
        )


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    """All of an event, whoever asks."""

    event: Event
    published: tuple[Publication, ...]
    live_status: LiveStatus

    def show(self, reader: Reader) -> Shown:
        return show_event(self.event, self.published, reader, self.live_status)
