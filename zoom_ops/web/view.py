"""An event as its page shows it: words and order, worked out from what a reader may see and the time."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ..access import Shown, shown_json
from ..events import Attachment, Event, Performer, Publication
from . import times
from .language import Language

Phase = Literal["upcoming", "live", "ended"]

_GROUPS = ("moderator", "chair", "opening", "speaker", "closing", "interpreter")  # in the order of the page


@dataclass(frozen=True, kw_only=True)
class Group:
    """The performers of one kind, under their heading."""

    heading: str
    people: tuple[Performer, ...]


@dataclass(frozen=True, kw_only=True)
class Banner:
    """What a reader must not miss: the event is off, or at another time."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of *Links & attachments*; without an address it is not a link, and `note` says why."""

    title: str
    kind: str
    kind_name: str
    address: str | None = None
    place: str | None = None  # where the link leads, when that is another site
    detail: str | None = None  # a recording's length and date
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Watch:
    """The way to one published recording."""

    address: str
    title: str
    label: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class EventPage:
    """Everything that the page of an event shows."""

    event: Event
    banner: Banner | None
    phase: Phase
    times: tuple[times.TimeRow, ...]
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    watches: tuple[Watch, ...]
    expectation: str | None  # what stands in the place of a recording that is not there
    news: str  # how the event stands, in a sentence: read out when it changes
    version: str
    turns_at: datetime | None  # when the event begins or ends, so the page says something else


def view_event(shown: Shown, base_url: str, now: datetime, language: Language) -> EventPage:
    """Work out the page of an event."""
    event, banner = shown.event, make_banner(shown.event, language)
    watches, expectation = list_watches(shown, base_url, language), _expectation(shown, now, language)
    return EventPage(
        event=event,
        banner=banner,
        phase=phase_of(event, now),
        times=times.list_times(event, language),
        groups=group_performers(event.performers, language),
        entries=list_entries(shown, base_url, now, language),
        watches=watches,
        expectation=expectation,
        news=language.say("The recording is available.") if watches else (banner.text if banner else expectation or ""),
        version=version_of(shown),
        turns_at=next((moment for moment in (event.start_utc, event.end_utc) if moment > now), None),
    )


def version_of(shown: Shown) -> str:
    """Make a digest of what a reader may see of an event; it changes when, and only when, that changes."""
    return sha256(json.dumps(shown_json(shown), sort_keys=True).encode()).hexdigest()[:20]


def phase_of(event: Event, now: datetime) -> Phase:
    """Tell whether an event is to come, takes place, or is over."""
    if now < event.start:
        return "upcoming"
    return "live" if now < event.end else "ended"


def make_banner(event: Event, language: Language) -> Banner | None:
    """Say plainly that an event is cancelled, postponed or at another time."""
    say = language.say
    if event.status == "cancelled":
        return Banner(kind="cancelled", title=say("Cancelled"), text=say("This event has been cancelled."))
    if event.status == "postponed":
        sentence = say("This event has been postponed. Its new date will be shown here.")
        return Banner(kind="postponed", title=say("Postponed"), text=sentence)
    if event.status == "rescheduled":
        return Banner(kind="rescheduled", title=say("Rescheduled"), text=_moved(event, language))
    return None


def group_performers(people: Iterable[Performer], language: Language) -> tuple[Group, ...]:
    """Group the performers by kind, each group in the order of the announcement."""
    everybody = tuple(people)
    groups: list[Group] = []
    for kind in _GROUPS:
        chosen = tuple(person for person in everybody if person.kind == kind)
        if chosen:
            groups.append(Group(heading=_name_group(kind, len(chosen), language), people=chosen))
    return tuple(groups)


def list_entries(shown: Shown, base_url: str, now: datetime, language: Language) -> tuple[Entry, ...]:
    """List what stands under *Links & attachments*."""
    expected = _when_expected(shown.event, now, language)
    lengths = {p.url: _recording_detail(p, shown.event.timezone, language) for p in shown.recordings}
    return tuple(
        replace(_entry(attachment, base_url, expected, language), detail=lengths.get(attachment.url or ""))
        for attachment in shown.event.attachments
    )


def list_watches(shown: Shown, base_url: str, language: Language) -> tuple[Watch, ...]:
    """List the ways to the published recordings, in order of their parts."""
    several = len(shown.recordings) > 1
    return tuple(
        Watch(
            address=local_address(publication.url, base_url),
            title=publication.title,
            label=_name_watch(publication, several, language),
            detail=_recording_detail(publication, shown.event.timezone, language),
        )
        for publication in shown.recordings
    )


def local_address(address: str, base_url: str) -> str:
    """Make an address of ours relative, so that a page works under any name that it is reached by."""
    return address.removeprefix(base_url) if address.startswith(f"{base_url}/") else address


def make_initials(name: str) -> str:
    """Take the initials of a person's first and last name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def _name_group(kind: str, count: int, language: Language) -> str:
    headings = {
        "moderator": language.say_many("Moderator", "Moderators", count),
        "chair": language.say_many("Chair", "Chairs", count),
        "opening": language.say("Opening remarks"),
        "speaker": language.say_many("Speaker", "Speakers", count),
        "closing": language.say("Closing remarks"),
        "interpreter": language.say("Interpretation"),
    }
    return headings[kind]


def _name_watch(publication: Publication, several: bool, language: Language) -> str:
    if several:
        return language.say("Watch part %(number)s", number=language.write_number(publication.part))
    return language.say("Watch recording")


def _moved(event: Event, language: Language) -> str:
    if event.previous_start is None:
        return language.say("This event takes place at another time than first announced.")
    before = language.write_moment(event.previous_start, event.timezone)
    return language.say("This event was first announced for %(moment)s.", moment=before)


def _expectation(shown: Shown, now: datetime, language: Language) -> str | None:
    if shown.recordings or not shown.recording_expected or shown.event.status == "cancelled":
        return None
    if phase_of(shown.event, now) == "ended":
        return language.say("The recording is being prepared and will appear here.")
    return language.say("Recording expected after the event")


def _when_expected(event: Event, now: datetime, language: Language) -> str | None:
    if event.status == "cancelled":
        return None
    ended = phase_of(event, now) == "ended"
    return language.say("Expected soon") if ended else language.say("Expected after the event")


def _entry(attachment: Attachment, base_url: str, expected: str | None, language: Language) -> Entry:
    entry = Entry(title=attachment.title, kind=attachment.kind, kind_name=_name_kind(attachment.kind, language))
    if attachment.state == "withdrawn":
        return replace(entry, note=language.say("No longer available"))
    if attachment.state == "expected":
        return replace(entry, note=expected)
    if not _leads_to_the_web(attachment.url):
        return entry
    address = local_address(str(attachment.url), base_url)
    return replace(entry, address=address, place=urlsplit(address).hostname)


def _name_kind(kind: str, language: Language) -> str:
    names = {
        "link": language.say("Link"),
        "file": language.say("File"),
        "recording": language.say("Recording"),
        "transcript": language.say("Transcript"),
        "slides": language.say("Slides"),
    }
    return names[kind]


def _leads_to_the_web(address: str | None) -> bool:
    """Tell whether an address is one that a page may link to; `javascript:` and the like are not."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _recording_detail(publication: Publication, zone: str, language: Language) -> str:
    duration = language.write_duration(publication.duration)
    day = language.write_date(publication.start.astimezone(ZoneInfo(zone))) if publication.start else ""
    return " · ".join(part for part in (duration, day) if part)
