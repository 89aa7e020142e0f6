"""What stands under *Links & attachments*: each entry with what is to know before one follows it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ...access import Locked, Shown
from ...events import Attachment, Publication
from ...operations.views.standing import phase_of
from ..i18n.language import Language
from ..return_path import sign_in_path


def local_address(address: str, base_url: str) -> str:
    """Make an address of ours relative, so that a page works under any name that it is reached by."""
    return address.removeprefix(base_url) if address.startswith(f"{base_url}/") else address


def leads_to_the_web(address: str | None) -> bool:
    """Tell whether an address is one that a page may link to; `javascript:` and the like are not."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


_PART = re.compile(r"Recording, part ([0-9]{1,4})")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of *Links & attachments*; without an address it is not a link, and one of its facts says why."""

    title: str
    kind: str
    named_by_us: bool = False  # its title is in the page's language, and not in the event's
    address: str | None = None
    facts: tuple[str, ...] = ()  # its kind, where it leads, size, length, date, and how it stands
    locked: bool = False
    sign_in: str | None = None  # where a visitor opens what is locked


def list_entries(shown: Shown, base_url: str, now: datetime, language: Language) -> tuple[Entry, ...]:
    """List what a reader may open, then what he is only told of; what will not come is not announced."""
    expected = _when_expected(shown, now, language)
    of_recordings = {one.url: write_recording(one, shown.event.timezone, language) for one in shown.recordings}
    opened = (
        _open(attachment, base_url, of_recordings.get(attachment.url or "", ()), expected, language)
        for attachment in shown.event.attachments
        if attachment.state != "expected" or _comes(attachment, shown)
    )
    locked = (_lock(one, shown, expected, language) for one in shown.locked if not one.expected or _comes(one, shown))
    return (*opened, *locked)


def write_recording(publication: Publication, zone: str, language: Language) -> tuple[str, ...]:
    """Write what is to know of a recording: its length, its day and its size, as far as they are known."""
    return _only(
        language.write_duration(publication.duration),
        language.write_date(publication.start.astimezone(ZoneInfo(zone))) if publication.start else "",
        language.write_size(publication.size) if publication.size else "",
    )


def say_title(title: str, language: Language) -> str | None:
    """Say the title of a recording in the page's language if it is one that we give; None for one of the event's."""
    if title == "Recording":
        return language.say("Recording")
    part = _PART.fullmatch(title)
    return language.say("Recording, part %(number)s", number=language.write_number(int(part[1]))) if part else None


def _comes(entry: Attachment | Locked, shown: Shown) -> bool:
    """Tell whether what is expected will come: nothing of a cancelled event, no recording where none is made."""
    recorded = entry.kind != "recording" or shown.live_status.recording_due is not None
    return recorded and shown.event.status != "cancelled"


def _open(
    attachment: Attachment, base_url: str, of_recording: Iterable[str], expected: str, language: Language
) -> Entry:
    entry = _name(attachment, language)
    kind = _name_kind(entry, language)
    for_whom = language.say("For members") if attachment.visibility == "members" else ""
    if attachment.state in ("withdrawn", "expected"):
        why = language.say("No longer available") if attachment.state == "withdrawn" else expected
        return replace(entry, facts=_only(kind, why, for_whom))
    if not leads_to_the_web(attachment.url):
        return replace(entry, facts=_only(kind, for_whom))
    address = local_address(str(attachment.url), base_url)
    facts = _only(kind, urlsplit(address).hostname, *_write_file(attachment, language), *of_recording, for_whom)
    return replace(entry, address=address, facts=facts)


def _lock(one: Locked, shown: Shown, expected: str, language: Language) -> Entry:
    entry = replace(_name(one, language), locked=True)
    kind = _name_kind(entry, language)
    if shown.reader.role != "visitor":
        return replace(entry, facts=_only(kind, expected if one.expected else "", language.say("For other members")))
    facts = _only(kind, expected if one.expected else "")
    return replace(entry, facts=facts, sign_in=sign_in_path(f"/events/{shown.event.id}"))


def _write_file(attachment: Attachment, language: Language) -> tuple[str, ...]:
    return (
        language.write_size(attachment.size) if attachment.size else "",
        language.write_date(attachment.dated) if attachment.dated else "",
    )


def _when_expected(shown: Shown, now: datetime, language: Language) -> str:
    ended = phase_of(shown, now) == "ended"
    return language.say("Expected soon") if ended else language.say("Expected after the event")


def _name(entry: Attachment | Locked, language: Language) -> Entry:
    ours = say_title(entry.title, language) if entry.kind == "recording" else None
    return Entry(title=ours or entry.title, kind=entry.kind, named_by_us=ours is not None)


def _name_kind(entry: Entry, language: Language) -> str:
    """Name the kind of an entry, unless that is what it is called."""
    names = {
        "link": language.say("Link"),
        "file": language.say("File"),
        "recording": language.say("Recording"),
        "transcript": language.say("Transcript"),
        "slides": language.say("Slides"),
    }
    return "" if entry.named_by_us or names[entry.kind] == entry.title else names[entry.kind]


def _only(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
