"""An entry of a calendar → the fields of an event, but for its times."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from icalendar import Event as Entry
from icalendar.cal import Component as Decoded

from ...events import LANGUAGE_CODE, Attachment, Status, clean_line
from ...linear import split_url
from ...markup import plain_text
from ...phrases.changes import title_says
from ...phrases.join_links import IN_A_TEXT, LEFT_OUT, find_join_link
from ...phrases.status import cut_status
from ...phrases.subjects import strip_tags
from ..changing import told_changes
from .findings import Findings
from .ours import strip_added
from .people import read_organizers, read_performers
from .reading import Reading
from .scan import Component, Property

LONGEST_NAME = 500
_DECODED = ("SUMMARY", "DESCRIPTION", "X-ALT-DESC", "LOCATION", "URL", "ATTACH", "ORGANIZER", "ATTENDEE", "CATEGORIES")
_ELSEWHERE = ("microsoft teams", "google meet", "webex", "skype")
_CONFERENCES = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
)


def decode(component: Component) -> Decoded:
    """Decode the properties with a text, an address or a person. Raise ValueError where that is impossible."""
    lines = (each.text.replace("X-ALT-DESC", "X-ALT-DESC;VALUE=TEXT", 1) for each in component.all(*_DECODED))
    try:
        return Entry.from_ical("\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", "")))
    except (KeyError, IndexError, AttributeError, TypeError) as error:
        raise ValueError(str(error)) from error


def read_fields(reading: Reading, findings: Findings, inherited: str = "") -> dict[str, Any]:
    """Read the fields of an event. `inherited` is the name of the entry that this one is an occurrence of."""
    status = _status(reading, findings)
    name, said = _name(reading, findings, status)
    fields = {
        "name": name or inherited,
        "series": _series(reading, findings),
        "description": _description(reading, findings, status or said),
        "status": status or said,
        "venue": _venue(reading, findings),
        "organizers": tuple(read_organizers(reading, findings)),
        "performers": tuple(read_performers(reading, findings)),
        "attachments": tuple(_attachments(reading, findings)),
        "language": _language(reading),
    }
    _note_privacy(reading, findings)
    # A default is left unset, so that a new import keeps the value of an earlier one.
    return {name: value for name, value in fields.items() if value or name == "name"}


def _name(reading: Reading, findings: Findings, status: Status | None) -> tuple[str, Status | None]:
    """Return the title, and the status that a word in it says."""
    source = findings.only(reading.component, "SUMMARY")
    name = clean_line(reading.text("SUMMARY"))
    if source is None or not name:
        return "", None
    findings.source("name", source)
    if len(name) > LONGEST_NAME:
        findings.refuse(source.line, f"SUMMARY: expected at most {LONGEST_NAME} characters, found {len(name)}")
        return name[:LONGEST_NAME], None
    return (name, None) if reading.ours else _checked(name, source, findings, status)


def _checked(name: str, source: Property, findings: Findings, status: Status | None) -> tuple[str, Status | None]:
    """Return a title and the status in it, with a note where it holds more than the title or is written in HTML."""
    said, bare = cut_status(name)
    if said and bare:
        if status != said:
            findings.note("name", source, f"a word in it may be the status, {said}", (bare, name))
            findings.source("status", source)
        return bare, said
    if status is None and (word := title_says(name)):
        findings.note("name", source, f"the title says {word!r}, and the calendar's STATUS does not")
    for shown, what in ((unescape(name), "is written as HTML"), (strip_tags(name), "has the prefix of a mail")):
        if clean_line(shown) and shown != name and not name.startswith("["):
            findings.note("name", source, f"the title {what}", (clean_line(shown), name))
            return clean_line(shown), None
    return name, None


def _status(reading: Reading, findings: Findings) -> Status | None:
    source = findings.only(reading.component, "STATUS")
    value = source.value.upper() if source else ""
    status: Status | None = None
    if reading.cancelled or value == "CANCELLED":
        status = "cancelled"
    elif value == "TENTATIVE" and reading.ours:
        status = "postponed"
    if source is None or status or value in ("CONFIRMED", ""):
        if source and status:
            findings.source("status", source)
        return status
    what = "the entry is not certain yet" if value == "TENTATIVE" else "expected CONFIRMED, TENTATIVE or CANCELLED"
    findings.note("start", source, f"{source.text[:60]}: {what}")
    return None


def _series(reading: Reading, findings: Findings) -> str | None:
    """Return the series of a calendar of ours. The categories of other calendars are colours and labels."""
    source = reading.component.first("CATEGORIES")
    if source is None or not reading.ours:
        return None
    findings.source("series", source)
    categories: Any = reading.decoded["CATEGORIES"]
    return ", ".join(str(each) for each in getattr(categories, "cats", ()))


def _description(reading: Reading, findings: Findings, status: Status | None) -> str:
    source, text = reading.component.first("DESCRIPTION"), reading.text("DESCRIPTION")
    rich = reading.component.first("X-ALT-DESC")
    if not text.strip() and rich:
        source, text = rich, plain_text(reading.text("X-ALT-DESC"))
    if source is None:
        return ""
    findings.source("description", source)
    if reading.ours:
        return strip_added(text, reading.text("URL"))
    if find_join_link(text):
        findings.note("description", source, IN_A_TEXT)
    for name, reason, choices in told_changes(text, status):
        findings.note(name, source, reason, choices)
    return text


def _venue(reading: Reading, findings: Findings) -> str | None:
    source, text = reading.component.first("LOCATION"), clean_line(reading.text("LOCATION"))
    for conference in reading.component.all(*_CONFERENCES):
        if not reading.ours:
            reason = "this leads into a meeting elsewhere; it is not taken, since the event gets a webinar of its own"
            findings.note("venue", conference, reason)
    if source is None or not text:
        return None
    if reading.ours and text == f"{reading.text('URL')}/join":
        return None
    findings.source("venue", source)
    if find_join_link(text):
        findings.note("venue", source, LEFT_OUT)
        return None
    if any(name in text.lower() for name in _ELSEWHERE):
        findings.note("venue", source, "this names another platform, and the event gets a Zoom webinar")
    return text


def _attachments(reading: Reading, findings: Findings) -> Iterator[Attachment]:
    if reading.ours:
        return
    number = 0
    for source, value in (*reading.values("ATTACH"), *reading.values("URL")):
        url = clean_line(str(value))
        is_address = url.lower().startswith(("http://", "https://")) and " " not in url and _host_of(url)
        if not is_address:
            findings.note("attachments", source, f"only web addresses are taken; this {source.name} is none")
        elif find_join_link(url):
            findings.note("attachments", source, LEFT_OUT)
        else:
            findings.source(f"attachments.{number}", source)
            if source.name == "ATTACH":
                findings.note("attachments", source, "everybody sees the attachments of an event; check this one")
            yield Attachment(title=_title_of(source, value, url), url=url)
            number += 1


def _host_of(url: str) -> str:
    try:
        return split_url(url).hostname or ""
    except ValueError:  # such as half an IPv6 address
        return ""


def _title_of(source: Property, value: Any, url: str) -> str:
    if source.name == "URL":
        return _host_of(url)
    params = getattr(value, "params", {})
    named = next(filter(None, (params.get(each) for each in ("LABEL", "FILENAME", "X-FILENAME"))), "")
    return clean_line(str(named)) or clean_line(unquote(PurePosixPath(split_url(url).path).name)) or _host_of(url)


def _language(reading: Reading) -> str | None:
    value = reading.decoded.get("SUMMARY")
    tag = str(getattr(value, "params", {}).get("LANGUAGE", ""))
    return tag if re.fullmatch(LANGUAGE_CODE, tag) else None


def class_of_private(component: Component) -> Property | None:
    """Find the property that marks an entry as not for everybody (RFC 5545, 3.8.1.3)."""
    source = component.first("CLASS")
    return source if source and source.value.upper() not in ("PUBLIC", "") else None


def _note_privacy(reading: Reading, findings: Findings) -> None:
    if source := class_of_private(reading.component):
        findings.note(
            "name", source, f"the calendar marks this entry {source.value[:40]}, and events have a public page"
        )
