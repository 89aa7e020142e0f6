"""The page of the programme: its filters, its two lists, and the way to more of either."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from ...access import Shown
from ...errors import NotFoundError
from ...events import Event, clean_line, make_slug
from ...operations.views.programme import Page
from ...operations.views.standing import phase_of
from ...store.event_queries import Choices, ProgrammeFilter
from ...store.full_text import LONGEST_QUERY
from ..i18n.language import Language

_FORMS = {
    "series": r"([a-z0-9][a-z0-9-]{0,99})?",
    "language": r"([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,5})?",
    "year": r"([12][0-9]{3})?",
    "has": r"(recording)?",
}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of several things to choose."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class ActiveFilter:
    """Something that was chosen, and the address without it."""

    text: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form by which the programme is searched, as it was filled in."""

    words: str
    series: tuple[Option, ...]
    languages: tuple[Option, ...]
    years: tuple[Option, ...]
    recorded: bool
    filters: tuple[ActiveFilter, ...]
    words_alone: str  # the address of the search for the words without a filter

    @property
    def is_filled(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words or self.filters)


def read_filter(words: str, series: str, language: str, year: str, has: str) -> ProgrammeFilter:
    """Read what is asked for; what no form of ours can have sent leads nowhere."""
    for name, text in (("series", series), ("language", language), ("year", year), ("has", has)):
        if not re.fullmatch(_FORMS[name], text):
            raise NotFoundError("page", text)
    return ProgrammeFilter(
        words=clean_line(words)[:LONGEST_QUERY],
        series=series,
        language=language,
        year=int(year) if year else None,
        recorded=bool(has),
    )


def write_address(path: str, wanted: ProgrammeFilter, **pages: int) -> str:
    """Write the address that asks for that; the first page of a list is not named."""
    asked = {
        "q": wanted.words,
        "series": wanted.series,
        "language": wanted.language,
        "year": wanted.year,
        "has": "recording" if wanted.recorded else "",
        **{name: number for name, number in pages.items() if number > 1},
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path


def make_form(wanted: ProgrammeFilter, choices: Choices, language: Language) -> Form:
    """Make the form by which the programme is searched, filled in with what was asked for."""
    years = tuple((str(year), str(year)) for year in choices.years)
    codes = {*choices.languages, wanted.language} - {""}
    languages = ((code, language.name_language(code)) for code in codes)
    return Form(
        words=wanted.words,
        series=_options(choices.series, wanted.series),
        languages=_options(sorted(languages, key=lambda one: (one[1].casefold(), one[0])), wanted.language),
        years=_options(years, str(wanted.year or "")),
        recorded=wanted.recorded,
        filters=tuple(_iter_filters(wanted, choices, language)),
        words_alone=write_address("/", ProgrammeFilter(words=wanted.words)),
    )


def _options(offered: Iterable[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    """Make options of values and texts; one that was chosen is among them, and one alone is no choice."""
    found = dict(offered)
    if chosen:
        found.setdefault(chosen, chosen)
    elif len(found) < 2:
        return ()
    return tuple(Option(value=value, text=text, chosen=value == chosen) for value, text in found.items())


def _iter_filters(wanted: ProgrammeFilter, choices: Choices, language: Language) -> Iterator[ActiveFilter]:
    if wanted.series:
        name = dict(choices.series).get(wanted.series, wanted.series)
        yield ActiveFilter(text=name, address=write_address("/", replace(wanted, series="")))
    if wanted.language:
        name = language.name_language(wanted.language)
        yield ActiveFilter(text=name, address=write_address("/", replace(wanted, language="")))
    if wanted.year is not None:
        yield ActiveFilter(text=str(wanted.year), address=write_address("/", replace(wanted, year=None)))
    if wanted.recorded:
        yield ActiveFilter(
            text=language.say("With a recording"), address=write_address("/", replace(wanted, recorded=False))
        )


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
            **_page_links("upcoming", coming, now, language, address),
        ),
        EventList(
            key="past",
            heading=language.say("Past events"),
            onward=language.say("Earlier events"),
            **_page_links("past", over, now, language, address),
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


def _page_links(key: str, page: Page, now: datetime, language: Language, address: Callable[..., str]) -> dict[str, Any]:
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
