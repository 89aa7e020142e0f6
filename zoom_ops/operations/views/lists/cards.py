"""Cards: what a line of a list shows of an event to one reader, without the rest of its record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ....access import LiveStatus, Reader, show_event
from ....events import Attachment, AttachmentState, Event, Listing, Publication, Status, Visibility, clean_line
from ....store.lists.pages import find_listed

_DEFAULTS = {name: field.get_default() for name, field in Event.model_fields.items() if not field.is_required()}
_UNKNOWN = LiveStatus()
_KEPT = 500  # different answers of `_judge`; most events share a few
_PUBLICATION = {
    "recording_uuid": "",
    "title": "",
    "url": "",
    "state": "published",
    "published_at": datetime(2000, 1, 1, tzinfo=UTC),
}


class Entry(NamedTuple):
    """An entry for a recording, as far as it decides who may open it."""

    state: AttachmentState
    visibility: Visibility
    groups: tuple[str, ...]
    title_shown: bool


class Recorded(NamedTuple):
    """What a reader sees of the recordings of an event."""

    is_open: bool = False
    is_locked: bool = False  # they see the title of one that only others may open
    is_expected: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """An event in a list. The live status is known only where the phase depends on it."""

    id: str
    name: str
    series: str | None
    language: str
    start: datetime
    end: datetime
    timezone: str
    visibility: Listing
    status: Status
    organizers: tuple[str, ...]  # acronyms if they have any, else names
    recorded: Recorded
    reader: Reader
    live_status: LiveStatus = _UNKNOWN

    def __hash__(self) -> int:
        return hash(self.id)  # quick: lines are found by their cards


def load_cards(connection: Connection, ids: Sequence[str], reader: Reader) -> dict[str, Card]:
    """Load the cards of several events for a reader, by id; unknown ids are left out."""
    found = find_listed(connection, ids)
    return {event_id: make_card(document, published, reader) for event_id, document, published in found}


def make_card(document: Mapping[str, Any], published: Collection[str], reader: Reader) -> Card:
    """Make a card from the Event JSON of a record, as it is stored, and the visibility of each published recording."""
    given = {**_DEFAULTS, **document}
    zone, status, visibility = given["timezone"], given["status"], given["visibility"]
    entries = tuple(_read_entry(each) for each in given["attachments"] if each.get("kind") == "recording")
    return Card(
        id=given["id"],
        name=clean_line(given["name"]),
        series=clean_line(given["series"]) if given["series"] is not None else None,
        language=given["language"],
        start=_read_moment(given["start"], zone),
        end=_read_moment(given["end"], zone),
        timezone=zone,
        visibility=visibility,
        status=status,
        organizers=tuple(clean_line(each.get("acronym") or each["name"]) for each in given["organizers"]),
        recorded=_judge(visibility, status, entries, tuple(published), reader),
        reader=reader,
    )


def _read_entry(entry: Mapping[str, Any]) -> Entry:
    return Entry(
        entry.get("state", "available"),
        entry.get("visibility", "public"),
        tuple(entry.get("groups", ())),
        entry.get("title_shown", False),
    )


def _read_moment(text: str, zone: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


@lru_cache(maxsize=_KEPT)
def _judge(
    listing: Listing, status: Status, entries: tuple[Entry, ...], published: tuple[str, ...], reader: Reader
) -> Recorded:
    """Let `show_event` decide, on an event and recordings of which all is left out that changes nothing."""
    attachments = tuple(Attachment(title="", kind="recording", **entry._asdict()) for entry in entries)
    event = Event.model_construct(visibility=listing, status=status, attachments=attachments)
    publications = (Publication.model_validate({**_PUBLICATION, "visibility": each}) for each in published)
    shown = show_event(event, publications, reader)
    return Recorded(bool(shown.recordings), shown.recording_locked, shown.recording_expected)
