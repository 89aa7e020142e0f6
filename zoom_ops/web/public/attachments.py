"""The entries under *Links & attachments*, each with its facts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ...access import Locked, Shown
from ...events import Attachment, Publication
from ...linear import split_url
from ...operations.views.standing import phase_of
from ..i18n.language import Language
from ..i18n.requirements import say_requirement

_PART = re.compile(r"Recording, part ([0-9]{1,4})")


def local_address(address: str, base_url: str) -> str:
    """Make an address of this site relative, so that a page works under every host name."""
    return address.removeprefix(base_url) if address.startswith(f"{base_url}/") else address


def leads_to_the_web(address: str | None) -> bool:
    """Return whether a page may link to an address: http or https with a host, never `javascript:` and the like."""
    try:
        parts = split_url(address or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of *Links & attachments*. Without an address it is no link, and one of its facts gives the reason."""

    title: str
    kind: str
    named_by_us: bool = False  # its title is in the page's language, not in the event's
    address: str | None = None
    facts: tuple[str, ...] = ()  # its kind, host, size, length, date, state
    locked: bool = False


def list_entries(shown: Shown, base_url: str, now: datetime, language: Language) -> tuple[Entry, ...]:
    """List the entries that a reader may open, then the locked ones, without expected entries that will not come."""
    ended = phase_of(shown, now) == "ended"
    expected = language.say("Expected soon") if ended else language.say("Expected after the event")
    of_recordings = {row.url: write_recording(row, shown.event.timezone, language) for row in shown.recordings}
    opened = (
        _open(attachment, base_url, of_recordings.get(attachment.url or "", ()), expected, language)
        for attachment in shown.event.attachments
        if attachment.state != "expected" or _comes(attachment, shown)
    )
    locked = (
        _lock(entry, shown, expected, language) for entry in shown.locked if not entry.expected or _comes(entry, shown)
    )
    return (*opened, *locked)


def write_recording(publication: Publication, zone: str, language: Language) -> tuple[str, ...]:
    """Render the facts of a recording: its length and day, each if it is known, and what Zoom asks of viewers."""
    return _only(
        language.write_duration(publication.duration),
        language.write_date(publication.start.astimezone(ZoneInfo(zone))) if publication.start else "",
        say_requirement(publication.requires, language),
    )


def say_title(title: str, language: Language) -> str | None:
    """Return the title of a recording in the page's language if it is one of ours; None for the event's own title."""
    if title == "Recording":
        return language.say("Recording")
    part = _PART.fullmatch(title)
    return language.say("Recording, part %(number)s", number=language.write_number(int(part[1]))) if part else None


def _comes(entry: Attachment | Locked, shown: Shown) -> bool:
    """Return whether an expected entry will come: none of a cancelled event, no recording if none is made."""
    recorded = entry.kind != "recording" or shown.live_status.recording_due is not None
    return recorded and shown.event.status != "cancelled"


def _open(
    attachment: Attachment, base_url: str, of_recording: Iterable[str], expected: str, language: Language
) -> Entry:
    entry = _name(attachment, language)
    kind = _name_kind(entry, language)
    for_whom = language.say("For members") if attachment.visibility == "members" else ""
    why = {"withdrawn": language.say("No longer available"), "expected": expected}.get(attachment.state)
    if why or not leads_to_the_web(attachment.url):
        return replace(entry, facts=_only(kind, why, for_whom))
    address = local_address(str(attachment.url), base_url)
    size = language.write_size(attachment.size) if attachment.size else ""
    dated = language.write_date(attachment.dated) if attachment.dated else ""
    facts = _only(kind, split_url(address).hostname, size, dated, *of_recording, for_whom)
    return replace(entry, address=address, facts=facts)


def _lock(locked: Locked, shown: Shown, expected: str, language: Language) -> Entry:
    entry = replace(_name(locked, language), locked=True)
    for_whom = language.say("For members") if shown.reader.role == "visitor" else language.say("For other members")
    return replace(entry, facts=_only(_name_kind(entry, language), expected if locked.expected else "", for_whom))


def _name(entry: Attachment | Locked, language: Language) -> Entry:
    ours = say_title(entry.title, language) if entry.kind == "recording" else None
    return Entry(title=ours or entry.title, kind=entry.kind, named_by_us=ours is not None)


def _name_kind(entry: Entry, language: Language) -> str:
    """Return the name of an entry's kind; empty if its title says the same."""
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
