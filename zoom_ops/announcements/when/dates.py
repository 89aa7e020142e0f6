"""Calendar dates in a line of text: their place, their day and their doubts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import dateparser
from babel import Locale

from ..cities import fold

# dateparser reads one date of the right shape well, but is bad at a search in a text ("at the 2023" becomes today's
# day of 2023). So regular expressions here find the shape, and dateparser only reads the name of the month. Relative
# dates are not allowed, so dateparser does not read the clock.
_LANGUAGES = ["en", "fr", "es", "pt", "de", "it", "ru", "ar"]
_SETTINGS: Any = {
    "STRICT_PARSING": True,
    "DATE_ORDER": "DMY",
    "PARSERS": ["absolute-time"],
    "TIMEZONE": "UTC",
    "RETURN_AS_TIMEZONE_AWARE": False,
    "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 - never used, as every date is complete
}
_WORD = r"[^\W\d_]{2,12}\.?(?:\s(?=الثاني|الأول)[^\W\d_]{4,7})?"
_DAY = r"(?<![\d:./])\d{1,2}(?:st|nd|rd|th|er|ère|re|º|ª|°)?\b[.º°]?"
_TO = r"\s*(?:-|–|—|/|&|\bto\b|\band\b|\bau\b|\bet\b|\bal\b|\ba\b|\by\b|\bbis\b|\bund\b|\btill\b|\buntil\b)\s*"
_DAY_NAME = r"(?:[^\W\d_]{3,10},?\s+)?"
_OF = r"(?:\s+(?:of|de|day\s+of)\b)?"
_YEAR = r"(?:[\s.,/'’-]{1,3}|\s+del?\s+|\s*,\s*)(?P<y>\d{4})(?!\d)"
_SHAPES = (
    re.compile(
        rf"(?i)(?P<d>{_DAY}){_OF}(?:\s+(?P<m>{_WORD}))?{_TO}{_DAY_NAME}(?P<d2>{_DAY}){_OF}[\s-]+(?P<m2>{_WORD}){_YEAR}"
    ),
    re.compile(rf"(?i)(?P<d>{_DAY}){_OF}[\s./-]{{0,3}}(?P<m>{_WORD}){_YEAR}"),
    re.compile(
        rf"(?i)\b(?P<m>{_WORD})\s+(?:the\s+)?(?P<d>{_DAY})(?:{_TO}(?:(?P<m2>{_WORD})\s+)?(?P<d2>{_DAY}))?\s*,?\s*(?P<y>\d{{4}})(?!\d)"
    ),
    re.compile(rf"(?i)(?<!\d)(?P<y>\d{{4}})\s+(?P<m>{_WORD})\s+(?P<d>{_DAY})"),
)
# month names of the Levant and Iraq, which dateparser does not know
_LEVANTINE: dict[str, int] = {name: number for number, name in Locale("ar", "LB").months["format"]["wide"].items()}
_CJK = re.compile(r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日号號일]?")
_ISO = re.compile(r"(?<![\d./-])(?P<y>(?:19|20)\d\d)(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/])")
_YEARLESS = (
    re.compile(rf"(?i)(?P<d>{_DAY}){_OF}\s+(?P<m>{_WORD})"),
    re.compile(rf"(?i)\b(?P<m>{_WORD})\s+(?:the\s+)?(?P<d>{_DAY})"),
)
_SHORT_DAYS = "mon 周一 الإثنين, tue tues 周二, wed 周三, thu thur thurs 周四, fri 周五, sat 周六, sun 周日"
WEEKDAYS: dict[str, int] = {
    **{fold(name): day for day, names in enumerate(_SHORT_DAYS.split(", ")) for name in names.split()},
    **{fold(name): day for code in (*_LANGUAGES, "zh") for day, name in Locale(code).days["format"]["wide"].items()},
}
_WEEKDAY = re.compile(r"(?<!\w)(" + "|".join(sorted(map(re.escape, WEEKDAYS), key=len, reverse=True)) + r")(?![^\W\d])")


@dataclass(frozen=True, kw_only=True)
class FoundDate:
    """A date as it stands in a line; `last` is the last day of a span of several days."""

    day: date
    last: date | None = None
    begin: int
    end: int
    doubts: tuple[str, ...] = ()


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Find the dates with day, month and year in a line, in the order of writing, without overlaps."""
    line = latin_digits(text)
    candidates: list[FoundDate] = []
    for match in (match for shape in _SHAPES for match in shape.finditer(line)):
        named = match.groupdict()
        day = _read(named["d"], named["m"] or named["m2"], named["y"])
        last = _read(named["d2"], named["m2"] or named["m"], named["y"]) if named.get("d2") else None
        if day and (not named.get("d2") or (last and day < last)):
            candidates.append(FoundDate(day=day, last=last, begin=match.start(), end=match.end()))
    candidates.extend(
        FoundDate(day=day, begin=match.start(), end=match.end())
        for match in (*_CJK.finditer(line), *_ISO.finditer(line))
        if (day := _date(match["y"], match["m"], match["d"]))
    )
    for match in _NUMERIC.finditer(line):
        candidates.extend(_day_month_year(match, line))
    dates: list[FoundDate] = []
    for candidate in candidates:
        if not any(candidate.begin < other.end and other.begin < candidate.end for other in dates):
            dates.append(_checked(candidate, line))
    return tuple(sorted(dates, key=lambda found: found.begin))


def find_yearless(text: str, year: int) -> FoundDate | None:
    """Find the first day and month without a year, and read them in the given year."""
    line = latin_digits(text)
    for shape in _YEARLESS:
        for match in shape.finditer(line):
            day = _read(match["d"], match["m"], str(year))
            if day:
                return _checked(FoundDate(day=day, begin=match.start(), end=match.end()), line)
    return None


def weekday_spans(text: str) -> list[tuple[int, int, int]]:
    """Find the names of weekdays in a line: begin, end, and the day of the week (Monday is 0)."""
    return [(match.start(), match.end(), WEEKDAYS[match[1]]) for match in _WEEKDAY.finditer(fold(text))]


def latin_digits(text: str) -> str:
    """Replace Arabic-Indic and other decimal digits by 0-9; every character keeps its position."""
    return "".join(str(int(character)) if character.isdecimal() else character for character in text)


def _day_month_year(match: re.Match[str], line: str) -> Iterator[FoundDate]:
    first, mark, second, year = match.groups()
    doubts = []
    if len(year) == 2:
        doubts.append(f"the year of {match[0]} is written with two digits; read as 20{year}")
        year = f"20{year}"
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    day = day_first or month_first
    if day_first and month_first and day_first != month_first and mark != ".":
        weekday = _weekday_before(line, match.start())
        if weekday == month_first.weekday() != day_first.weekday():
            day = month_first
        elif weekday != day_first.weekday():
            doubts.append(f"{match[0]} may be {_spoken(day_first)} (taken) or {_spoken(month_first)}")
    if day:
        yield FoundDate(day=day, begin=match.start(), end=match.end(), doubts=tuple(doubts))


def _checked(found: FoundDate, line: str) -> FoundDate:
    weekday = _weekday_before(line, found.begin)
    if weekday is None or weekday == found.day.weekday():
        return found
    doubt = f"the weekday does not fit: {_spoken(found.day)} is a {found.day:%A}"
    return replace(found, doubts=(*found.doubts, doubt))


def _weekday_before(line: str, place: int) -> int | None:
    """Find the weekday in the eight characters before a date; None where there is none."""
    near = [day for begin, end, day in weekday_spans(line[:place]) if place - end <= 8]
    return near[-1] if near else None


@lru_cache(maxsize=512)
def _read(day: str, month: str, year: str) -> date | None:
    number = re.match(r"\d+", day)
    if not number or not 1900 <= int(year) <= 2199 or not 1 <= int(number[0]) <= 31:
        return None
    if month in _LEVANTINE:
        return _date(year, str(_LEVANTINE[month]), number[0])
    written = f"{int(number[0])} {month.rstrip('.').lower()} {year}"
    parsed = dateparser.parse(written, languages=_LANGUAGES, settings=_SETTINGS)
    right = parsed is not None and (parsed.day, parsed.year) == (int(number[0]), int(year))
    return parsed.date() if parsed and right and fold(month.rstrip(".")) not in WEEKDAYS else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
