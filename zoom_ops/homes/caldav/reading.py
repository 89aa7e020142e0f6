"""An entry of a calendar → its records: one, or one for each date of a series."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from ...errors import BadInputError
from ...readers import Announced, read_events
from ..ids import as_segment
from ..port import Raw, Record
from .entries import without_ours
from .lines import Calendar
from .settings import Settings

_OF_SERIES = "#"  # before the date of a record, in its id
_OPEN = ("", "PUBLIC")


def split_id(record_id: str) -> tuple[str, str]:
    """Return the name of the entry of a record, and its date where it is one of a series."""
    name, _, date = record_id.rpartition(_OF_SERIES)
    return (name, date) if name else (record_id, "")


def iter_raws(name: str, content: bytes) -> Iterator[Raw]:
    """Iterate over the records of an entry, each without what is ours. One that cannot be read is a record, too."""
    calendar = bytes(without_ours(Calendar.read(content)))
    try:
        announced = read_events(calendar, name)
    except BadInputError:
        yield Raw(id=name, fingerprint=_digest(calendar.decode("utf-8", "replace")), content={"calendar": calendar})
        return
    for each in announced:
        date = date_of(each)
        yield Raw(
            id=f"{name}{_OF_SERIES}{date}" if date else name,
            fingerprint=_digest(_said(each)),
            content={"calendar": calendar, "announced": each},
        )


def read_record(raw: Raw, settings: Settings) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    content: Any = raw.content
    name, _ = split_id(raw.id)
    announced: Announced = content.get("announced") or read_events(content["calendar"], name)[0]
    calendar = Calendar.read(content["calendar"])
    said = {line.name: line.value.strip() for event in calendar.events for line in calendar.of(event)}
    host = settings.url.partition("://")[2]
    return Record(
        id=raw.id,
        url=_page_of(name, said, settings),
        announced=replace(announced, origin=announced.origin or f"caldav:{host}{settings.calendar}{raw.id}"),
        is_public=settings.readers == "everybody" and said.get("CLASS", "").upper() in _OPEN,
        labels=tuple(_labels(said.get("CATEGORIES", ""))),
    )


def date_of(announced: Announced) -> str:
    """Return when an occurrence of a series first began, as its origin says; "" for an event of its own."""
    uid, _, date = (announced.origin or "").rpartition("/")
    is_date = len(date) == 16 and date.endswith("Z") and date[8:9] == "T" and date[:8].isdecimal()
    return date if uid and is_date else ""


def find_event(calendar: Calendar, date: str) -> int | None:
    """Find the number of the event that is a record; None for a date that only the rule of a series gives."""
    for number in calendar.events:
        replaces = any(line.name == "RECURRENCE-ID" for line in calendar.of(number))
        if not date and not replaces:
            return number
        if date and replaces and date == _date_of_event(calendar.only(number)):
            return number
    return None


def _date_of_event(calendar: Calendar) -> str:
    try:
        return date_of(read_events(bytes(calendar), "calendar.ics")[0])
    except BadInputError:
        return ""


def _said(announced: Announced) -> Any:
    """Return all that was read, without the places in the file, which another program may change."""
    event = announced.event.model_dump(mode="json")
    event["needs_review"] = [[note["field"], note["reason"], note.get("choices")] for note in event["needs_review"]]
    return [event, announced.origin]


def _digest(said: Any) -> str:
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _page_of(name: str, said: dict[str, str], settings: Settings) -> str:
    if settings.page:
        return settings.page.replace("{uid}", quote(said.get("UID", ""), safe=""))
    if said.get("URL", "").lower().startswith(("https://", "http://")):
        return said["URL"]
    return f"{settings.url}{settings.calendar}{as_segment(name)}"


def _labels(categories: str) -> Iterator[str]:
    for label in categories.replace("\\,", "\0").split(","):
        if text := label.replace("\0", ",").strip():
            yield text
