"""The webinars that Indico's own plugin for Zoom makes: rooms of videoconferences, as Indico calls them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from math import ceil

from ...clock import Clock
from ...errors import ZoomOpsError
from ...webinars import Unclear
from ..checks import missing, ok, warning
from ..errors import MissingRightError, StrangeAnswerError
from ..port import Finding
from ..values import Fields, fields_of, text
from .client import Indico
from .settings import Settings

Rooms = Mapping[str, int | Unclear]  # by the id of the event; those without a room are not in it
_CALENDAR_PAGE = 1_000
_MOST_ASKED = 50  # events of one pull whose rooms are looked for where managers see them
_DAY = timedelta(days=1)
_EVENT = re.compile(r"^BEGIN:VEVENT\r?$", re.MULTILINE)  # people may write it in a title, and other ends of lines
_UID = re.compile(r"indico-event-(?P<id>\d{1,10})@")
_ADDRESS = r"https?://[^\s/]+/(?:j|w|s|wc/join)/(?P<id>\d{9,12})(?:[?/][^\s]*)?$"
_ONLY, _ONE_OF = re.compile(f"Zoom: {_ADDRESS}"), re.compile(f"- .*: {_ADDRESS}")


def find_webinars(calendar: bytes) -> Rooms:
    """Find the numbers of the webinars that the plugin made, by the id of the event.

    The plugin adds its line as the last one of a description, or several lines, one a room.
    """
    text = re.sub(r"\r?\n[ \t]", "", calendar.decode("utf-8", "replace"))
    found: dict[str, int | Unclear] = {}
    for block in _EVENT.split(text)[1:]:
        lines = dict(line.rstrip("\r").split(":", 1) for line in block.split("\n") if ":" in line)
        uid = _UID.match(lines.get("UID", ""))
        description = lines.get("DESCRIPTION", "").replace("\\;", ";").replace("\\,", ",")
        room = _find_room([line.strip() for line in description.split("\\n")])
        if uid and room:
            found[uid["id"]] = room
    return found


def shorten(event: Fields) -> Fields:
    """Return what `find_rooms` needs of an event."""
    days = {name: {"date": text(fields_of(event.get(name)).get("date"))} for name in ("startDate", "endDate")}
    return {"id": event.get("id"), **days}


def find_rooms(client: Indico, settings: Settings, clock: Clock, events: Sequence[Fields]) -> Rooms:
    """Find the rooms of the events of the categories; each may be shortened."""
    found: dict[str, int | Unclear] = {}
    for offset in range(0, len(events), _CALENDAR_PAGE):
        found.update(_list_visible(client, settings, offset))
    return {**found, **_look_closer(client, settings, clock, [each for each in events if each.get("id") not in found])}


def find_room(client: Indico, settings: Settings, clock: Clock, event: Fields) -> int | Unclear | None:
    """Find the room of an event."""
    event_id = str(event.get("id"))
    found = find_webinars(client.fetch_event_calendar(event_id))
    return (found or _look_closer(client, settings, clock, [event])).get(event_id)


def iter_room_findings(client: Indico, settings: Settings) -> Iterator[Finding]:
    """Yield whether the plugin is there, as the file says."""
    try:
        newest = client.fetch_newest(settings.categories, past_days=settings.past_days)
        if newest is None:
            return
        event_id, is_there = str(newest.get("id")), client.has_zoom_plugin(str(newest.get("id")))
        rooms = _list_visible(client, settings, 0)
    except ZoomOpsError as error:
        yield warning("options", f"Whether Indico has its plugin for Zoom cannot be seen: {error}")
        return
    if not settings.zoom_plugin:
        yield from _doubled(rooms, is_there=is_there)
    elif not is_there and not rooms:
        sentence = "zoom_plugin is true, and Indico shows no plugin for Zoom: events would wait for a webinar in vain."
        yield warning("options", sentence)
    else:
        yield ok("options", f"Webinars of Indico's plugin for Zoom are adopted; {len(rooms)} events show theirs.")
        if settings.zoom_plugin_late == "make" and _has_room(client, event_id) == "unknown":
            sentence = (
                'With zoom_plugin_late = "make" a webinar is made only where the token\'s user sees that there is none'
                f" yet, which it does not in event {event_id}: make it a manager of the category."
            )
            yield missing("options", sentence)


def _list_visible(client: Indico, settings: Settings, offset: int) -> Rooms:
    own = settings
    return find_webinars(
        client.fetch_calendar(own.categories, past_days=own.past_days, size=_CALENDAR_PAGE, offset=offset)
    )


def _doubled(rooms: Rooms, *, is_there: bool) -> Iterator[Finding]:
    """Yield what happens where the plugin makes webinars and the file does not say so."""
    remedy = "Say zoom_plugin = true, and the webinars that it makes are adopted."
    if rooms:
        events = ", ".join(sorted(rooms, key=int)[:3])
        sentence = f"Events such as {events} have webinars of Indico's plugin for Zoom: each would get another."
        yield missing("options", f"{sentence} {remedy}")
    elif is_there:
        sentence = "Indico has its plugin for Zoom: an event for which somebody uses it would get a second webinar."
        yield warning("options", f"{sentence} {remedy}")


def _find_room(lines: Sequence[str]) -> int | Unclear | None:
    if match := _ONLY.fullmatch(lines[-1]):
        return int(match["id"])
    last = "\n".join(lines).rpartition("\nZoom:\n")[2].split("\n")
    numbers = {int(match["id"]) for line in last if (match := _ONE_OF.fullmatch(line))}
    return numbers.pop() if len(numbers) == 1 else "unsaid" if numbers else None


def _look_closer(client: Indico, settings: Settings, clock: Clock, events: Sequence[Fields]) -> Rooms:
    """Say of events without a visible room whether there is a hidden one. It matters where we would make another.

    Only events that are near are looked at; of the others it is unknown.
    """
    if settings.zoom_plugin_late == "ask":
        return {}
    today = clock.now().date()
    until = today + timedelta(days=ceil(settings.zoom_plugin_hours / 24) + 2)  # before it matters, in any zone
    near = sorted(
        (start, str(event.get("id")))
        for event in events
        if (start := _day(event, "startDate")) <= until and _day(event, "endDate") >= today - _DAY
    )
    asked = {event_id for _, event_id in near[:_MOST_ASKED]}
    states: dict[str, Unclear | None] = {str(event.get("id")): "unknown" for event in events}
    states |= {event_id: _has_room(client, event_id) for event_id in asked}
    return {event_id: state for event_id, state in states.items() if state}


def _has_room(client: Indico, event_id: str) -> Unclear | None:
    """Return None where an event has no room at all."""
    try:
        return "unsaid" if client.count_rooms(event_id) else None
    except (MissingRightError, StrangeAnswerError):
        return "unknown"


def _day(event: Fields, name: str) -> date:
    """Return a day of an event; the first one for what is none."""
    said = event.get(name)
    try:
        return date.fromisoformat(str(said.get("date")) if isinstance(said, Mapping) else "")
    except ValueError:
        return date.min
