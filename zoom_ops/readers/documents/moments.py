"""Dates, times and lengths as people write them in YAML and JSON."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from ...events import YEARS

LONGEST = timedelta(days=31)
LONGEST_VALUE = 200  # characters
_DATE_FORMATS = ("%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
_NO_ZONES = frozenset(month[:3].upper() for month in calendar.month_name[1:])
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ISO = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:([Tt])|[ ,]+|$)")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_MARK = r"(\d{1,2})(?:[:.h](\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?\s*([AaPp]\.?[Mm]\.?)?h?"
_OFFSET = r"\s*([Zz]|[+-]\d{1,2}(?::?\d{2})?|\N{MINUS SIGN}\d{1,2}(?::?\d{2})?)?"  # RFC 3339, and as people write it
_CLOCK = re.compile(_MARK + _OFFSET)
_RANGE = re.compile(_MARK + r"\s*(?:-|\N{EN DASH}|\N{EM DASH}|\bto\b|\buntil\b)\s*" + _MARK)
_FIRST_CLOCK = re.compile(r"\d{1,2}[:h]\d{2}|\d{1,2}\s*[AaPp]\.?[Mm]")  # a point would be found in 31.01.2027
_ISO_LENGTH = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:0S)?")  # ISO 8601, 5.5.2
_LENGTH = re.compile(r"(?:(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?\b\s*)?(?:(\d+)\s*(?:m(?:in(?:ute)?s?)?)\b)?")
_HOURS_MINUTES = re.compile(r"(\d{1,2})(?:h|:)(\d{2})m?")
_ZONE_WORD = re.compile(r"\s*\(?\b([A-Z]{3,5})\)?$")
_EARLY = 7  # an hour below this, of one digit and without a.m. or p.m., may be in the afternoon


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a value says of a moment. `other_day` and `other_clock` are a second reading of it."""

    day: date | None = None
    clock: time | None = None
    offset: timedelta | None = None
    until: time | None = None
    zone_word: str | None = None  # such as CET, where it stands behind the time
    other_day: date | None = None
    other_clock: time | None = None


def read_part(value: object) -> Part:
    """Read a date, a time, both, or a time with its end. Raise ValueError with what was expected."""
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        raise ValueError(f"expected a date and time such as 2027-01-31T14:30, found {shown(value)}")
    text = " ".join(value.split())
    found_word = _ZONE_WORD.search(text)
    word = found_word[1] if found_word and re.search(r"\d", text) and found_word[1] not in _NO_ZONES else None
    if found_word and word:
        part = read_part(text[: found_word.start()])
        if part.clock and part.offset is None:
            return replace(part, offset=timedelta()) if word == "UTC" else replace(part, zone_word=word)
        raise ValueError(f"expected a date and time such as 2027-01-31T14:30, found {shown(value)}")
    day, other_day, rest, is_iso = _cut_day(text)
    if not rest:
        return Part(day=day, other_day=other_day)
    found = _RANGE.fullmatch(rest)
    if found and day and _is_offset(found, rest):
        is_said = is_iso or found[3] is not None  # a T or seconds: a program wrote it, with an offset
        if not is_said:
            raise ValueError(f"{text!r} may end at {rest[-5:]} or have the offset {rest[-6:]}: write the end under end")
        found = None
    if found:
        until, _ = _clock(found[5], found[6], found[7], found[8])
        clock, other = _clock(found[1], found[2], found[3], found[4] or (found[8] if _is_before(found) else None))
        return Part(day=day, other_day=other_day, clock=clock, other_clock=other, until=until)
    single = _CLOCK.fullmatch(rest)
    if not single or (not single[2] and not single[4]):
        raise ValueError(f"expected a date and time such as 2027-01-31T14:30, found {shown(value)}")
    clock, other = _clock(single[1], single[2], single[3], single[4])
    return Part(day=day, other_day=other_day, clock=clock, other_clock=other, offset=_offset(single[5]))


def read_length(value: object, *, minutes: bool = False) -> timedelta:
    """Read a duration: 90, "90m", "1h30", "1:30", "PT1H30M". Raise ValueError with what was expected."""
    text = " ".join(value.split()) if isinstance(value, str) and len(value) <= LONGEST_VALUE else ""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000:
        text = str(value)
    if text.isdecimal() and len(text) <= 5 and (int(text) >= 10 or minutes):
        length = timedelta(minutes=int(text))
    elif found := _ISO_LENGTH.fullmatch(text.upper()):
        length = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    elif found := _HOURS_MINUTES.fullmatch(text):
        length = timedelta(hours=int(found[1]), minutes=int(found[2]))
    elif (found := _LENGTH.fullmatch(text.lower())) and len(text) <= 30:
        hours = float((found[1] or "0").replace(",", "."))
        length = timedelta(minutes=round(hours * 60) + int(found[2] or 0))
    else:
        length = timedelta()
    if not timedelta() < length <= LONGEST:
        hint = f"; write {text}h or {text}m" if text.isdecimal() and len(text) == 1 and text != "0" else ""
        raise ValueError(f"expected a length such as 90, 90m, 1h30 or PT1H30M, found {shown(value)}{hint}")
    return length


def shown(value: object) -> str:
    """Show a value that a file holds, for a message."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "keys and values"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "nothing"}[value]
    text = str(value) if not isinstance(value, int) or abs(value) < 10**30 else "a number of that length"
    return repr(text if len(text) <= 60 else text[:59] + "…") if isinstance(value, str) else text[:60]


def _cut_day(text: str) -> tuple[date | None, date | None, str, bool]:
    """Split a value into its day, a second reading of it, and the rest; and tell whether a T joined them."""
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found[1].split("-"))
        return _day(year, month, day, text), None, text[found.end() :], bool(found[2])
    clock = _FIRST_CLOCK.search(text)
    before = text[: clock.start()] if clock else text
    rest = text[clock.start() :] if clock else ""
    words = _ORDINAL.sub("", before.replace(",", " ")).replace(" at ", " ").split()
    if not words:
        return None, None, rest, False
    if not clock and re.fullmatch(r"\d{1,2}[.h]\d{2}(?:\s*\S\s*\d{1,2}[.h]\d{2})?", before):
        return None, None, before, False
    weekday = words.pop(0).casefold() if words[0].casefold() in _WEEKDAYS else None
    day_found, other = _named_day(" ".join(words), text)
    if weekday and day_found.weekday() != _WEEKDAYS.index(weekday):
        raise ValueError(f"{before.strip(' ,')!r} is a {_WEEKDAYS[day_found.weekday()].title()}: correct one of them")
    return day_found, other, rest, False


def _named_day(text: str, value: str) -> tuple[date, date | None]:
    if found := _SLASHES.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        if first > 12 or second > 12 or first == second:
            day, month = (first, second) if second <= 12 else (second, first)
            return _day(year, month, day, value), None
        return _day(year, second, first, value), _day(year, first, second, value)
    for form in _DATE_FORMATS:
        try:
            found_day = datetime.strptime(text, form)  # noqa: DTZ007  # a date has no zone
        except ValueError:
            continue
        return _day(found_day.year, found_day.month, found_day.day, value), None
    raise ValueError(f"expected a date such as 2027-01-31, found {shown(value)}")


def _day(year: int, month: int, day: int, value: str) -> date:
    if not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(f"expected a year from {YEARS[0]} to {YEARS[1]}, found {shown(value)}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no such day: {shown(value)}") from None


def _clock(hour: str, minute: str | None, second: str | None, half: str | None) -> tuple[time, time | None]:
    """Return the time, and a second reading of it where the half of the day is not sure."""
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise ValueError(f"there is no such time: {hour}{half}")
        number = number % 12 + (12 if half[0] in "pP" else 0)
    try:
        clock = time(number, int(minute or 0), int(second or 0))
    except ValueError:
        raise ValueError(f"there is no such time: {hour}:{minute or '00'}") from None
    unsure = not half and len(hour) == 1 and 0 < number < _EARLY
    return clock, clock.replace(hour=number + 12) if unsure else None


def _is_before(found: re.Match[str]) -> bool:
    """Check whether the half of the day after a range counts for its begin, too: "2:30-3:45 pm", not "11-1 pm"."""
    return int(found[1]) % 12 <= int(found[5]) % 12


def _is_offset(found: re.Match[str], rest: str) -> bool:
    """Check whether what follows the dash may be an offset: "-05:00"."""
    return bool(re.search(r"\d[-\N{MINUS SIGN}](?:0\d|1[0-2]):?(?:00|30|45)?$", rest) and not found[4] and not found[8])


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text in "Zz":
        return timedelta()
    digits = re.sub(r"\D", "", text[1:])
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise ValueError(f"there is no offset {text}: expected one such as +01:00")
    length = timedelta(hours=hours, minutes=minutes)
    return length if text[0] == "+" else -length
