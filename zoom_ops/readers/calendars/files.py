"""A calendar file → its events, one for each occurrence."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...announcements import refuse
from ...errors import BadInputError
from ...explain import MOST_MISTAKES
from ..bounds import go_on, hold
from ..own_ids import with_own_ids
from ..read import MOST_EVENTS, Announced
from .entries import class_of_private
from .ours import is_ours
from .scan import Component, scan
from .series import Listed, read_group
from .zones import Zones

_SLICE = 1_000_000  # bytes
_ANSWERS = ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH")


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read the events of a calendar. Raise BadInputError for the first mistake; the others stand in its notes."""
    if _count(b"BEGIN:VEVENT", content) > MOST_EVENTS:
        raise _too_many(file, 1)
    calendars = scan(content, file)
    problems: list[BadInputError] = []
    entries = [entry for calendar in calendars for entry in _entries(calendar, file)]
    if not entries:
        raise BadInputError(_why_empty(calendars), file=file, line=1)
    announced: list[Announced] = []
    groups = list(_groups(entries))
    del calendars, entries  # the text of an entry is freed once it is read
    groups.reverse()
    while groups:
        group = groups.pop()
        go_on(file, group[0].component.line)
        is_private = any(class_of_private(entry.component) for entry in group)
        announced.extend(replace(hold(each), is_private=is_private) for each in read_group(group, file, problems))
        if len(problems) > MOST_MISTAKES:
            break
        if len(announced) > MOST_EVENTS:
            raise _too_many(file, group[0].component.line)
    refuse(sorted(problems, key=lambda problem: problem.line or 0))
    announced.reverse()
    return with_own_ids(announced.pop() for _ in range(len(announced)))


def _count(sign: bytes, content: bytes) -> int:
    """Count a sign, in large or small letters, without a copy of the whole content."""
    overlap = len(sign) - 1
    starts = range(0, len(content), _SLICE)
    return sum(content[start : start + _SLICE + overlap].upper().count(sign) for start in starts)


def _entries(calendar: Component, file: str) -> Iterator[Listed]:
    """Yield the entries of a calendar. Raise BadInputError for one that announces nothing."""
    version, method = calendar.first("VERSION"), calendar.first("METHOD")
    if version and version.value == "1.0":
        message = "this is vCalendar 1.0, and it is not read: export the calendar as iCalendar (.ics, version 2.0)"
        raise BadInputError(message, file=file, line=version.line)
    if method and method.value.upper() in _ANSWERS:
        message = f"this calendar is an answer to an invitation ({method.text[:40]}), and announces no event"
        raise BadInputError(message, file=file, line=method.line)
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    if len(events) > MOST_EVENTS:
        raise _too_many(file, events[MOST_EVENTS].line)
    zones, ours = Zones(calendar), is_ours(calendar)
    cancelled = bool(method and method.value.upper() == "CANCEL")
    for part in events:
        uid = part.first("UID")
        yield Listed(
            component=part,
            zones=zones,
            ours=ours,
            cancelled=cancelled,
            uid=uid.text.partition(":")[2].strip() if uid else "",
            replaces=part.first("RECURRENCE-ID"),
        )


def _too_many(file: str, line: int) -> BadInputError:
    message = f"expected at most {MOST_EVENTS:,} events in one calendar; export the months that are meant"
    return BadInputError(message, file=file, line=line)


def _why_empty(calendars: Iterable[Component]) -> str:
    kinds = {part.name for calendar in calendars for part in calendar.parts} - {"VTIMEZONE"}
    names = {"VTODO": "tasks", "VJOURNAL": "journal entries", "VFREEBUSY": "free and busy times"}
    found = " and ".join(sorted(names.get(kind, kind[:20]) for kind in kinds)) or "nothing"
    return f"this calendar holds {found}; expected events (BEGIN:VEVENT)"


def _groups(entries: Iterable[Listed]) -> Iterable[list[Listed]]:
    """Put the entries with one UID together: an event that repeats, and its occurrences that were changed."""
    groups: dict[str, list[Listed]] = {}
    for number, entry in enumerate(entries):
        groups.setdefault(entry.uid or f"\n{number}", []).append(entry)
    return groups.values()
