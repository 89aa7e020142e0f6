"""The view of the programme page: filters, lists, pagination."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from ...errors import NotFoundError
from ...events import LANGUAGE_CODE, clean_line
from ...operations.views.lists import Card, Page
from ...store.event_queries import Choices, ProgrammeFilter
from ...store.full_text import LONGEST_QUERY
from ..i18n.language import Language
from .lines import Listed, make_lines

_FEW = 32  # lists of options; what is chosen stands among them, whatever was asked for
_FORMS = {
    "series": r"([a-z0-9][a-z0-9-]{0,99})?",
    "language": f"({LANGUAGE_CODE})?",
    "year": r"([12][0-9]{3})?",
    "has": r"(recording)?",
}


class Option(NamedTuple):
    """An option of a select field."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class ActiveFilter:
    """A filter in use, with the address that removes it."""

    text: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """The search form of the programme, with its current values."""

    words: str
    series: tuple[Option, ...]
    languages: tuple[Option, ...]
    years: tuple[Option, ...]
    recorded: bool
    filters: tuple[ActiveFilter, ...]
    words_alone: str  # the address that searches for the words without filters

    @property
    def is_filled(self) -> bool:
        """Whether there are search words or filters."""
        return bool(self.words or self.filters)


def find_wrong(**given: str) -> dict[str, str]:
    """Find the values of filters, by name, that our form cannot send."""
    return {name: text for name, text in given.items() if not re.fullmatch(_FORMS[name], text)}


def read_filter(words: str, series: str, language: str, year: str, has: str) -> ProgrammeFilter:
    """Parse the filters of the programme. Raise NotFoundError for values that our form cannot send."""
    if wrong := find_wrong(series=series, language=language, year=year, has=has):
        raise NotFoundError("page", next(iter(wrong.values())))
    return ProgrammeFilter(
        words=clean_line(words)[:LONGEST_QUERY],
        series=series,
        language=language,
        year=int(year) if year else None,
        recorded=bool(has),
    )


def write_address(path: str, filters: ProgrammeFilter, key: str = "", number: int = 1) -> str:
    """Build the address of the filtered programme, at a page of the list `key`; it leaves out page 1."""
    parameters: dict[str, object] = {
        "q": filters.words,
        "series": filters.series,
        "language": filters.language,
        "year": filters.year,
        "has": "recording" if filters.recorded else "",
    }
    if key and number > 1:
        parameters[key] = number
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{query}" if query else path


def make_form(filters: ProgrammeFilter, choices: Choices, language: Language) -> Form:
    """Build the search form of the programme, filled in with the current filters."""
    codes = frozenset({*choices.languages, filters.language} - {""})
    years = tuple((str(year), str(year)) for year in choices.years)
    return Form(
        words=filters.words,
        series=_options(choices.series, filters.series),
        languages=_options(_name_languages(codes, language), filters.language),
        years=_options(years, str(filters.year or "")),
        recorded=filters.recorded,
        filters=_list_active(filters, choices, language),
        words_alone=write_address("/", ProgrammeFilter(words=filters.words)),
    )


def _list_active(filters: ProgrammeFilter, choices: Choices, language: Language) -> tuple[ActiveFilter, ...]:
    if filters == ProgrammeFilter(words=filters.words):
        return ()
    in_use = (
        (filters.series, dict(choices.series).get(filters.series, filters.series), replace(filters, series="")),
        (filters.language, language.name_language(filters.language), replace(filters, language="")),
        (filters.year, str(filters.year), replace(filters, year=None)),
        (filters.recorded, language.say("With a recording"), replace(filters, recorded=False)),
    )
    return tuple(ActiveFilter(text=text, address=write_address("/", rest)) for used, text, rest in in_use if used)


@lru_cache(maxsize=_FEW)
def _name_languages(codes: frozenset[str], language: Language) -> tuple[tuple[str, str], ...]:
    """Name languages in one of them, in the order of their names."""
    named = ((code, language.name_language(code)) for code in codes)
    return tuple(sorted(named, key=lambda pair: (pair[1].casefold(), pair[0])))


@lru_cache(maxsize=_FEW)
def _options(offered: tuple[tuple[str, str], ...], chosen: str) -> tuple[Option, ...]:
    """Build options of values and texts. The chosen one is always among them; a single option is left out."""
    texts = dict(offered)
    if chosen:
        texts.setdefault(chosen, chosen)
    elif len(texts) < 2:
        return ()
    return tuple(Option(value=value, text=text, chosen=value == chosen) for value, text in texts.items())


@dataclass(frozen=True, kw_only=True)
class EventList:
    """One page of the upcoming or of the past events."""

    key: str
    heading: str
    onward: str  # the text of the link to the next page
    lines: tuple[Listed, ...]
    total: int  # on all its pages
    number: int
    last: int
    before: str  # the address of the previous page, if there is one
    after: str


def list_programme(
    coming: Page[Card], over: Page[Card], now: datetime, language: Language, path: str, filters: ProgrammeFilter
) -> tuple[EventList, ...]:
    """Build the lists of the filtered programme at `path`. If one is beyond its first page, the other is left out."""
    lists: list[EventList] = []
    for key, heading, onward, page in (
        ("upcoming", language.say("Upcoming events"), language.say("Later events"), coming),
        ("past", language.say("Past events"), language.say("Earlier events"), over),
    ):
        number, last = page.offset // page.limit + 1, max(1, -(-page.total // page.limit))
        lists.append(
            EventList(
                key=key,
                heading=heading,
                onward=onward,
                lines=make_lines(page.events, now, language).lines,
                total=page.total,
                number=number,
                last=last,
                before=write_address(path, filters, key, number - 1) if number > 1 else "",
                after=write_address(path, filters, key, number + 1) if number < last else "",
            )
        )
    return tuple(page for page in lists if page.number > 1) or tuple(page for page in lists if page.lines)


def next_change(
    pages: Iterable[Page[Card]], next_end: datetime | None, now: datetime, language: Language
) -> datetime | None:
    """Return when lists of these pages change by the clock alone, at the earliest; None if they do not.

    `next_end`: when the next of all events ends, and so goes from one list into the other.
    """
    of_lines = (make_lines(page.events, now, language).until for page in pages)
    return min((moment for moment in (next_end, *of_lines) if moment), default=None)
