"""The programme as its page lists it: what is to come, what is over, and the way to more of either."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..access import Shown
from ..events import Event, make_slug
from ..operations.programme import Page
from ..operations.standing import phase_of
from .language import Language


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
    organizers: tuple[str, ...]  # by their acronyms, where they have any
    series_slug: str | None
    badge: Badge | None


@dataclass(frozen=True, kw_only=True)
class EventList:
    """One page of the events to come or of those that are over."""

    key: str
    heading: str
    onward: str  # what leads to the next page
    lines: tuple[Listed, ...]
    total: int  # on all its pages
    number: int
    last: int
    before: str  # the address of the page before this one
    after: str


def list_programme(
    coming: Page, over: Page, now: datetime, language: Language, address: Callable[..., str]
) -> tuple[EventList, ...]:
    """Make the lists of the programme's page; turning the pages of one leaves the other out.

    `address(upcoming=2)` writes the address of the second page of that list.
    """
    lists = (
        EventList(
            key="upcoming",
            heading=language.say("Upcoming events"),
            onward=language.say("Later events"),
            **_turn("upcoming", coming, now, language, address),
        ),
        EventList(
            key="past",
            heading=language.say("Past events"),
            onward=language.say("Earlier events"),
            **_turn("past", over, now, language, address),
        ),
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
    phase = phase_of(shown, now)
    if phase == "live":
        return "live"
    return "expected" if phase == "ended" and shown.recording_expected else event.status


def _turn(key: str, page: Page, now: datetime, language: Language, address: Callable[..., str]) -> dict[str, Any]:
    """Make the lines of a page, and what leads to the pages beside it."""
    number = page.offset // page.limit + 1
    return {
        "lines": tuple(_line(shown, now, language) for shown in page.events),
        "total": page.total,
        "number": number,
        "last": max(1, -(-page.total // page.limit)),
        "before": address(**{key: number - 1}),
        "after": address(**{key: number + 1}),
    }


def _line(shown: Shown, now: datetime, language: Language) -> Listed:
    event = shown.event
    day = event.start.astimezone(ZoneInfo(event.timezone))
    return Listed(
        event=event,
        day=day,
        month=language.write_month(day),
        when=language.join_day(*language.write_span(event.start, event.end, event.timezone)),
        organizers=tuple(one.acronym or one.name for one in event.organizers),
        series_slug=make_slug(event.series) if event.series else None,
        badge=make_badge(shown, now, language),
    )
