"""The programme as its page lists it: what is to come, what is over, and the way to more of either."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ..access import Shown
from ..events import Event
from ..operations.programme import Page
from .language import Language
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
    when: str
    organizers: str
    badge: Badge | None


@dataclass(frozen=True, kw_only=True)
class EventList:
    """One page of the events to come or of those that are over."""

    key: str
    heading: str
    onward: str  # what leads to the next page
    lines: tuple[Listed, ...]
    number: int
    last: int


def list_programme(coming: Page, over: Page, now: datetime, language: Language) -> tuple[EventList, ...]:
    """Make the lists of the programme's page; turning the pages of one leaves the other out."""
    lists = (
        _make_list("upcoming", language.say("Upcoming events"), language.say("Later events"), coming, now, language),
        _make_list("past", language.say("Past events"), language.say("Earlier events"), over, now, language),
    )
    turned = tuple(one for one in lists if one.number > 1)
    return turned or tuple(one for one in lists if one.lines)


def make_badge(shown: Shown, now: datetime, language: Language) -> Badge | None:
    """Say in a word or two how an event stands; None where there is nothing to say."""
    kind = _stands(shown, now)
    texts = {
        "cancelled": language.say("Cancelled"),
        "postponed": language.say("Postponed"),
        "recording": language.say("Recording available"),
        "live": language.say("Happening now"),
        "expected": language.say("Recording expected"),
        "rescheduled": language.say("Rescheduled"),
    }
    return Badge(kind=kind, text=texts[kind]) if kind in texts else None


def _stands(shown: Shown, now: datetime) -> str:
    event = shown.event
    if event.status in ("cancelled", "postponed"):
        return event.status
    if shown.recordings:
        return "recording"
    phase = phase_of(event, now)
    if phase == "live":
        return "live"
    return "expected" if phase == "ended" and shown.recording_expected else event.status


def _make_list(key: str, heading: str, onward: str, page: Page, now: datetime, language: Language) -> EventList:
    return EventList(
        key=key,
        heading=heading,
        onward=onward,
        lines=tuple(_line(shown, now, language) for shown in page.events),
        number=page.offset // page.limit + 1,
        last=max(1, -(-page.total // page.limit)),
    )


def _line(shown: Shown, now: datetime, language: Language) -> Listed:
    event = shown.event
    day = event.start.astimezone(ZoneInfo(event.timezone))
    return Listed(
        event=event,
        day=day,
        month=language.write_month(day),
        when=language.join_day(*language.write_span(event.start, event.end, event.timezone)),
        organizers=language.write_list(one.acronym or one.name for one in event.organizers),
        badge=make_badge(shown, now, language),
    )
