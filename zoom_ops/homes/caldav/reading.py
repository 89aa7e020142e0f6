"""An entry of a calendar → its records: one, or one for each date of a series."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ...errors import BadInputError
from ...readers import Announced, TakesTooMuchError, go_on, limited, read_records
from ..ids import as_segment
from ..port import Raw, Record
from ..values import digest, pick_labels, web_address
from .entries import show, without_ours
from .lines import Calendar
from .settings import Settings

_OF_SERIES = "#"  # before the date of a record, in its id
_MOST_EVENTS = 1_000  # of one entry; those behind them get no link
_OPEN = ("", "PUBLIC")
_SHARED = ("CATEGORIES", "CLASS", "UID", "URL")  # what counts for each event of an entry
_Values = Mapping[str, Sequence[str]]  # by the name of the property


def split_id(record_id: str) -> tuple[str, str]:
    """Return the name of the entry of a record, and its date where it is one of a series."""
    name, _, date = record_id.rpartition(_OF_SERIES)
    return (name, date) if name else (record_id, "")


def iter_raws(name: str, content: bytes) -> Iterator[Raw]:
    """Iterate over the records of an entry, each without what is ours. One that cannot be read is a record, too."""
    whole = Calendar.read(content)
    theirs = without_ours(whole)
    calendar = bytes(theirs)
    try:
        announced = read_records(calendar, name)
    except TakesTooMuchError:
        raise
    except BadInputError:
        yield Raw(id=name, fingerprint=digest(calendar.decode("utf-8", "replace")), content={"calendar": calendar})
        return
    numbers, said = dict(reversed(tuple(_iter_dates(whole)))), _said_of(theirs)
    for each in announced:
        date = date_of(each)
        event = numbers.get(date)
        shown = () if event is None else show(whole, event, for_members=False)
        yield Raw(
            id=f"{name}{_OF_SERIES}{date}" if date else name,
            fingerprint=digest(_said(each)),
            content={"calendar": calendar, "announced": each, "said": said},
            links=tuple(link.glimpse("title", "url", "digest") for link in shown),
        )


def read_record(raw: Raw, settings: Settings) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    content: Any = raw.content
    name, _ = split_id(raw.id)
    announced: Announced = content.get("announced") or read_records(content["calendar"], name)[0]
    said: _Values = content.get("said") or _said_of(Calendar.read(content["calendar"]))
    host = settings.url.partition("://")[2]
    return Record(
        id=raw.id,
        url=_page_of(name, said, settings),
        announced=replace(announced, origin=announced.origin or f"caldav:{host}{settings.calendar}{raw.id}"),
        is_public=settings.readers == "everybody" and all(word.upper() in _OPEN for word in said["CLASS"]),
        labels=pick_labels(label for line in said["CATEGORIES"] for label in _iter_labels(line)),
    )


def date_of(announced: Announced) -> str:
    """Return when an occurrence of a series first began, as its origin says; "" for an event of its own."""
    uid, _, date = (announced.origin or "").rpartition("/")
    is_date = len(date) == 16 and date.endswith("Z") and date[8:9] == "T" and date[:8].isdecimal()
    return date if uid and is_date else ""


def find_event(calendar: Calendar, date: str) -> int | None:
    """Find the number of the event that is a record; None for a date that only the rule of a series gives."""
    with limited():
        return next((number for found, number in _iter_dates(calendar) if found == date), None)


def _iter_dates(calendar: Calendar) -> Iterator[tuple[str, int]]:
    """Yield the events with an entry of their own: the date that each replaces, or "", and its number."""
    for number in calendar.events[:_MOST_EVENTS]:
        go_on("calendar.ics")
        replaces = any(line.name == "RECURRENCE-ID" for line in calendar.of(number))
        date = _date_of_event(calendar.only(number)) if replaces else ""
        if date or not replaces:
            yield date, number


def _date_of_event(calendar: Calendar) -> str:
    try:
        return date_of(read_records(bytes(calendar), "calendar.ics")[0])
    except BadInputError:
        return ""


def _said(announced: Announced) -> Any:
    """Return all that was read, without the places in the file, which another program may change."""
    event = announced.event.model_dump(mode="json")
    event["needs_review"] = [[note["field"], note["reason"], note.get("choices")] for note in event["needs_review"]]
    return [event, announced.origin]


def _said_of(calendar: Calendar) -> _Values:
    """Return what the events of an entry say together: one private date makes the whole entry private."""
    said: dict[str, list[str]] = {name: [] for name in _SHARED}
    for event in calendar.events:
        for line in calendar.of(event):
            if line.name in said:
                said[line.name].append(line.value.strip())
    return said


def _page_of(name: str, said: _Values, settings: Settings) -> str:
    if settings.page:
        return settings.page.replace("{uid}", quote(next(iter(said["UID"]), ""), safe=""))
    return web_address(next(iter(said["URL"]), ""), f"{settings.url}{settings.calendar}{as_segment(name)}")


def _iter_labels(categories: str) -> Iterator[str]:
    for label in categories.replace("\\,", "\0").split(","):
        yield label.replace("\0", ",")
