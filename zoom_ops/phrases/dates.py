"""Calendar dates in a line of text: their place, their day, and the other days that they may mean."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import chain

from babel import Locale

from .words import fold

_LANGUAGES = ("en", "fr", "es", "pt", "de", "it", "nl", "ru", "ar")


@cache  # and not at the import: the names of all these languages take 13 MB, and many processes read no text
def months() -> dict[str, int]:
    """List the names of months that CLDR knows, long and short, with those of the Levant and the Maghreb; folded."""
    names = {"sept": 9}
    for code in (*_LANGUAGES, "ar_LB", "ar_DZ"):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                months = Locale.parse(code).months[context][width].items()
                names.update({fold(name).rstrip("."): number for number, name in months})
    return names


_SHORT_DAYS = (
    "mon 周一 月 الإثنين, tue tues 周二 火, wed 周三 水, thu thur thurs 周四 木, fri 周五 金, sat 周六 土, sun 周日 日"
)


@cache
def weekdays() -> dict[str, int]:
    """List the names of the days of the week, long and short, folded; Monday is 0."""
    return {
        **{fold(name): day for day, names in enumerate(_SHORT_DAYS.split(", ")) for name in names.split()},
        **{
            fold(name): day
            for code in (*_LANGUAGES, "zh", "ja")
            for day, name in Locale(code).days["format"]["wide"].items()
        },
    }


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


# All shapes are read in folded text. The forms of dates are those of CLDR: "31 January 2023", "January 31, 2023",
# "2023年1月31日"; with ISO 8601, and the ordinals and joints of the languages.
_D = r"(?<![\d:./])\d{1,2}(?!\d|:|[.]\d|\s?[ap]\.?m\b)(?:st|nd|rd|th|er|ere|re|º|ª|°)?(?![^\W\d_])[.º°]?"
_TO = r"\s*(?:[-–—/&]|\bto\b|\band\b|\bau\b|\bet\b|\bal?\b|\by\b|\be\b|\bbis\b|\bund\b|\b(?:un)?til\b|по|и)\s*"
_DAY_NAME = r"(?:[^\W\d_]{3,10},?\s+)?"
_OF = r"(?:\s+(?:of|de|day\s+of)\b)?[\s./-]{0,3}"
_Y = r"(?:[\s.,/'-]{1,4}(?:del?\s+|of\s+)?(?P<y>\d{4})(?!\d|\s*[-–—]\s*\d{4}|\s?h))?"
_CJK = re.compile(r"(?:(?P<y>\d{4})\s*[年년]\s*)?(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日号號일]?")
_ISO = re.compile(r"(?<![\d./-])(?P<y>(?:19|20)\d\d)(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/])")


@cache
def _with_month_names() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile the shapes that begin with a day, and with a month."""
    month = rf"(?:{_any_of(months())})(?![^\W\d_])\.?"
    return (
        re.compile(rf"(?P<d>{_D})(?:(?:{_OF}(?P<m>{month}))?{_TO}{_DAY_NAME}(?P<d2>{_D}))?{_OF}(?P<m2>{month}){_Y}"),
        re.compile(
            rf"(?<![^\W\d_])(?P<m>{month})\s+(?:the\s+)?(?P<d>{_D})(?:{_TO}(?:(?P<m2>{month})\s+)?(?P<d2>{_D}))?{_Y}"
        ),
    )


@cache
def _weekday() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)({_any_of(weekdays())})(?![^\W\d])")


@dataclass(frozen=True, kw_only=True)
class FoundDate:
    """A date as it stands in a line. `last` ends a span of several days; `others` are days that it may mean instead."""

    day: date
    last: date | None = None
    begin: int
    end: int
    has_year: bool = True  # without one, the year of `day` means nothing
    doubts: tuple[str, ...] = ()
    others: tuple[date, ...] = ()


def find_dates(text: str, *, yearless: bool = False) -> tuple[FoundDate, ...]:
    """Find the dates in a line, if wished also those without a year, in the order of writing, without overlaps."""
    line = fold(latin_digits(text))
    candidates = [*_named(line), *_numbered(line)]
    for match in _NUMERIC.finditer(line):
        candidates.extend(_day_month_year(match, line))
    dates: list[FoundDate] = []
    for candidate in sorted(candidates, key=lambda found: not found.has_year):
        if not any(candidate.begin < other.end and other.begin < candidate.end for other in dates):
            dates.append(_checked(candidate, line) if candidate.has_year else candidate)
    kept = (found for found in dates if found.has_year or yearless)
    return tuple(sorted(kept, key=lambda found: found.begin))


def in_year(found: FoundDate, year: int, text: str) -> FoundDate | None:
    """Read a date without a year in a year; None if the year has no such day."""
    day = _date(year, found.day.month, found.day.day)
    last = _date(year, found.last.month, found.last.day) if found.last else None
    line = fold(latin_digits(text))
    return _checked(replace(found, day=day, last=last, has_year=True), line) if day else None


def weekday_spans(text: str) -> list[tuple[int, int, int]]:
    """Find the names of weekdays in a line: begin, end, and the day of the week (Monday is 0)."""
    return [(match.start(), match.end(), weekdays()[match[1]]) for match in _weekday().finditer(fold(text))]


def latin_digits(text: str) -> str:
    """Replace Arabic-Indic and other decimal digits by 0-9; every character keeps its position."""
    return "".join(str(int(character)) if character.isdecimal() else character for character in text)


def spoken_day(day: date) -> str:
    """Write a day in words: 31 January 2023."""
    return f"{day.day} {day:%B %Y}"


def _named(line: str) -> Iterator[FoundDate]:
    for match in chain.from_iterable(shape.finditer(line) for shape in _with_month_names()):
        first, last, day, day2 = match["m"] or match["m2"], match["m2"] or match["m"], match["d"], match["d2"]
        year = int(match["y"]) if match["y"] and 1900 <= int(match["y"]) <= 2199 else None
        begins = _date(year or 2000, months()[first.rstrip(".")], _number(day))  # 2000 has a 29 February
        ends = _date(year or 2000, months()[last.rstrip(".")], _number(day2)) if day2 else None
        if begins and (not day2 or (ends and begins < ends)):
            stop = match.end() if year or not match["y"] else match.start("y")
            yield FoundDate(day=begins, last=ends, begin=match.start(), end=stop, has_year=bool(year))


def _numbered(line: str) -> Iterator[FoundDate]:
    for match in (*_CJK.finditer(line), *_ISO.finditer(line)):
        day = _date(int(match["y"] or 2000), int(match["m"]), int(match["d"]))
        if day:
            yield FoundDate(day=day, begin=match.start(), end=match.end(), has_year=bool(match["y"]))


def _number(day: str) -> int:
    return int("".join(character for character in day if character.isdigit()))


def _day_month_year(match: re.Match[str], line: str) -> Iterator[FoundDate]:
    first, mark, second, written = match.groups()
    doubts: list[str] = []
    year = int(written) if len(written) == 4 else 2000 + int(written)
    if len(written) == 2:
        doubts.append(f"the year of {match[0]} is written with two digits; read as {year}")
    day_first, month_first = _date(year, int(second), int(first)), _date(year, int(first), int(second))
    day = day_first or month_first
    others: tuple[date, ...] = ()
    if day_first and month_first and day_first != month_first and mark != ".":
        weekday = _weekday_beside(line, match.start(), match.end())
        if weekday == month_first.weekday() != day_first.weekday():
            day = month_first
        elif weekday != day_first.weekday() or weekday == month_first.weekday():
            doubts.append(f"{match[0]} may be {spoken_day(day_first)} (taken) or {spoken_day(month_first)}")
            others = (month_first,)
    if day:
        yield FoundDate(day=day, begin=match.start(), end=match.end(), doubts=tuple(doubts), others=others)


def _checked(found: FoundDate, line: str) -> FoundDate:
    """Add a doubt if the weekday beside a date is another one; the nearest such days are what it may mean."""
    weekday = _weekday_beside(line, found.begin, found.end)
    if weekday is None or weekday == found.day.weekday():
        return found
    ahead = (weekday - found.day.weekday()) % 7
    near: tuple[date, ...] = ()
    with contextlib.suppress(OverflowError):
        near = (found.day + timedelta(days=ahead), found.day + timedelta(days=ahead - 7))
    doubt = f"the weekday does not fit: {spoken_day(found.day)} is a {found.day:%A}"
    return replace(found, doubts=(*found.doubts, doubt), others=(*found.others, *near))


def _weekday_beside(line: str, begin: int, end: int) -> int | None:
    """Find the weekday in the eight characters before a date, or in brackets or after a comma behind it."""
    near = [day for start, stop, day in weekday_spans(line[:begin]) if begin - stop <= 8]
    behind = [day for start, _, day in weekday_spans(line[end : end + 16]) if start <= 2]
    return near[-1] if near else behind[0] if behind else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
