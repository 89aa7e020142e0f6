"""Our entries in an event: lines ATTACH that carry our key."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from ..port import Audience, Entry, Shown
from .lines import Calendar, Line

_KEY, _FOR, _TITLE = "X-ZOOM-OPS-KEY", "X-ZOOM-OPS-FOR", "LABEL"
_OURS = (_KEY, _FOR, _TITLE, "FILENAME", "FMTTYPE", "VALUE")
_STAMP = "%Y%m%dT%H%M%SZ"
MOST_SEQUENCE = 2_147_483_646


def list_ours(calendar: Calendar, event: int) -> Iterator[Line]:
    """Iterate over our lines of an event."""
    return (line for line in calendar.of(event) if line.name == "ATTACH" and line.parameters.get(_KEY))


def show(calendar: Calendar, event: int, *, for_members: bool) -> tuple[Shown, ...]:
    """Return our entries in an event, in their order. A key that stands twice is shown as changed.

    `for_members`: visitors cannot read the calendar, so that an entry can be for members.
    """
    found: dict[str, list[Line]] = {}
    for line in list_ours(calendar, event):
        found.setdefault(line.parameters[_KEY], []).append(line)
    return tuple(_shown(key, lines, for_members) for key, lines in found.items())


def with_entry(calendar: Calendar, event: int, entry: Entry) -> Calendar:
    """Return the calendar with an entry: in its place if it is there, else at the end of its event.

    A line with its address and without a key is taken over: some programs drop what they do not know.
    """
    same = [line for line in list_ours(calendar, event) if line.parameters[_KEY] == entry.key]
    bare = [
        line
        for line in calendar.of(event)
        if line.name == "ATTACH" and not line.parameters.get(_KEY) and line.value == entry.url
    ]
    found = [*same, *bare]
    return calendar.put(_build(entry, event), found[0] if found else None).without(found[1:])


def without_key(calendar: Calendar, event: int, key: str) -> Calendar:
    """Return the calendar without the entry of a key."""
    return calendar.without(line for line in list_ours(calendar, event) if line.parameters[_KEY] == key)


def without_ours(calendar: Calendar) -> Calendar:
    """Return the calendar without any entry of ours."""
    return calendar.without(line for event in calendar.events for line in list_ours(calendar, event))


def stamp(calendar: Calendar, event: int, now: datetime) -> Calendar:
    """Return the calendar with the next SEQUENCE of an event, and with the time at which it was changed."""
    for name, value in (("DTSTAMP", now.strftime(_STAMP)), ("LAST-MODIFIED", now.strftime(_STAMP)), ("SEQUENCE", "")):
        old = next((line for line in calendar.of(event) if line.name == name), None)
        calendar = calendar.put(Line.build(name, value or _next(old), {}, event), old)
    return calendar


def _next(sequence: Line | None) -> str:
    text = sequence.value.strip() if sequence else "0"
    known = int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else 0
    return str(min(known, MOST_SEQUENCE) + 1)


def _build(entry: Entry, event: int) -> Line:
    parameters = {
        "FMTTYPE": "text/html", _TITLE: entry.title, "FILENAME": entry.title, _KEY: entry.key, _FOR: entry.visibility,
    }  # fmt: skip
    return Line.build("ATTACH", entry.url, parameters, event)


def _shown(key: str, lines: list[Line], for_members: bool) -> Shown:
    line = lines[0]
    parameters = line.parameters
    title = parameters.get(_TITLE) or parameters.get("FILENAME", "")
    others = sorted(f"{name}={value}" for name, value in parameters.items() if name not in _OURS)
    if parameters.get("FILENAME", title) != title or len(lines) > 1:
        others.append(f"{parameters.get('FILENAME')} {len(lines)}")
    visibility: Audience = "members" if for_members and parameters.get(_FOR) == "members" else "public"
    digest = sha256("\n".join(others).encode()).hexdigest() if others else ""
    return Shown(key=key, title=title, url=line.value.strip(), visibility=visibility, digest=digest)
