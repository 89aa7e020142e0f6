"""What a reader asks the programme for: read out of an address, and written into the next one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ..errors import NotFoundError
from ..events import clean_line
from ..store.choosing import Choices, Wanted
from ..store.search import LONGEST_QUERY
from .language import Language

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
class Chosen:
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
    filters: tuple[Chosen, ...]
    words_alone: str  # the address of the search for the words without a filter

    @property
    def is_filled(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words or self.filters)


def read_wanted(words: str, series: str, language: str, year: str, has: str) -> Wanted:
    """Read what is asked for; what no form of ours can have sent leads nowhere."""
    for name, text in (("series", series), ("language", language), ("year", year), ("has", has)):
        if not re.fullmatch(_FORMS[name], text):
            raise NotFoundError("page", text)
    return Wanted(
        words=clean_line(words)[:LONGEST_QUERY],
        series=series,
        language=language,
        year=int(year) if year else None,
        recorded=bool(has),
    )


def write_address(path: str, wanted: Wanted, **pages: int) -> str:
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


def make_form(wanted: Wanted, choices: Choices, language: Language) -> Form:
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
        words_alone=write_address("/", Wanted(words=wanted.words)),
    )


def _options(offered: Iterable[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    """Make options of values and texts; one that was chosen is among them, and one alone is no choice."""
    found = dict(offered)
    if chosen:
        found.setdefault(chosen, chosen)
    elif len(found) < 2:
        return ()
    return tuple(Option(value=value, text=text, chosen=value == chosen) for value, text in found.items())


def _iter_filters(wanted: Wanted, choices: Choices, language: Language) -> Iterator[Chosen]:
    if wanted.series:
        name = dict(choices.series).get(wanted.series, wanted.series)
        yield Chosen(text=name, address=write_address("/", replace(wanted, series="")))
    if wanted.language:
        name = language.name_language(wanted.language)
        yield Chosen(text=name, address=write_address("/", replace(wanted, language="")))
    if wanted.year is not None:
        yield Chosen(text=str(wanted.year), address=write_address("/", replace(wanted, year=None)))
    if wanted.recorded:
        yield Chosen(text=language.say("With a recording"), address=write_address("/", replace(wanted, recorded=False)))
