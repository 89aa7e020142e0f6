"""The programme as its page lists it: what is to come, what is over, and the way to more of either."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ..access import Shown
from ..events import Event
from ..operations.programme import Page
from . import times
from .view import phase_of


@dataclass(frozen=True, kw_only=True)
class Badge:
    """How an event stands, in a word or two."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An event as one line of a list."""

    event: Event
    day: datetime  # in the event's own zone
    month: str
    hours: str
    full_day: str
    organizers: str
    badge: Badge | None


@dataclass(frozen=True, kw_only=True)
class EventList:
    """One page of the events to come or of those that are over."""

    key: str
    heading: str
    lines: tuple[Listed, ...]
    number: int
    last: int


def list_programme(coming: Page, over: Page, now: datetime) -> tuple[EventList, ...]:
    """Make the lists of the programme's page; turning the pages of one leaves the other out."""
    lists = (
        _make_list("upcoming", "Upcoming events", coming, now),
        _make_list("past", "Past events", over, now),
    )
    turned = tuple(one for one in lists if one.number > 1)
    return turned or tuple(one for one in lists if one.lines)


def make_badge(shown: Shown, now: datetime) -> Badge | None:
    """Say in a word or two how an event stands; None where there is nothing to say."""
    event = shown.event
    if event.status in ("cancelled", "postponed"):
        return Badge(kind=event.status, text=event.status.capitalize())
    if shown.recordings:
        return Badge(kind="recording", text="Recording available")
    phase = phase_of(event, now)
    if phase == "live":
        return Badge(kind="live", text="Happening now")
    if phase == "ended" and shown.recording_expected:
        return Badge(kind="expected", text="Recording expected")
    return Badge(kind="rescheduled", text="Rescheduled") if event.status == "rescheduled" else None


def _make_list(key: str, heading: str, page: Page, now: datetime) -> EventList:
    return EventList(
        key=key,
        heading=heading,
        lines=tuple(_line(shown, now) for shown in page.events),
        number=page.offset // page.limit + 1,
        last=max(1, -(-page.total // page.limit)),
    )


def _line(shown: Shown, now: datetime) -> Listed:
    event = shown.event
    day = event.start.astimezone(ZoneInfo(event.timezone))
    full_day, hours = times.write_span(event.start, event.end, event.timezone)
    return Listed(
        event=event,
        day=day,
        month=times.short_month(day),
        hours=hours,
        full_day=full_day,
        organizers=", ".join(organizer.acronym or organizer.name for organizer in event.organizers),
        badge=make_badge(shown, now),
    )
