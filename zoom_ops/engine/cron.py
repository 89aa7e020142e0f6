"""Cron lines in a time zone: which instants they mean."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..errors import BadInputError
from ..zones import end_of_gap, find_zone, instants_of

LONGEST = 200  # characters of a line
_DAY = timedelta(days=1)
_YEARS = 41  # the longest wait for a turn: 29 February on one weekday, across 2100
_MONTHS = tuple("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split())  # noqa: SIM905
_WEEKDAYS = tuple("SUN MON TUE WED THU FRI SAT".split())  # noqa: SIM905
_EXAMPLE = 'such as "0 6 * * 1-5"'


@dataclass(frozen=True, kw_only=True)
class Cron:
    """A cron line in a time zone.

    Of days and weekdays that both are restricted, either is enough, as in cron. A time that the zone skips comes at the
    moment after it, and one that it has twice comes the first time. A line for every hour goes on by real time instead:
    it takes both hours of the same name.
    """

    line: str
    zone: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]  # from Sunday, 0
    either_day: bool  # a date matches by its day or by its weekday; else it has to match by both


@dataclass(frozen=True, kw_only=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()  # of the values, from `low`


_FIELDS = (
    _Field(name="minute", low=0, high=59),
    _Field(name="hour", low=0, high=23),
    _Field(name="day of the month", low=1, high=31),
    _Field(name="month", low=1, high=12, names=_MONTHS),
    _Field(name="day of the week", low=0, high=7, names=_WEEKDAYS),
)


@lru_cache(maxsize=256)
def parse_cron(line: str, zone: str) -> Cron:
    """Parse a cron line of five fields; raise BadInputError if it is none, never comes, or the zone is unknown."""
    words = line.split()
    if len(words) != len(_FIELDS) or len(line) > LONGEST:
        raise BadInputError(
            f"{line[:50]!r} is no cron line: it has five fields, minute, hour, day, month and weekday, {_EXAMPLE}."
        )
    try:
        known_zone = find_zone(zone).key
    except ValueError as error:
        raise BadInputError(f"{str(error)[:1].upper()}{str(error)[1:]}") from error
    values = [_parse_field(word, field) for word, field in zip(words, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = values
    cron = Cron(
        line=" ".join(words),
        zone=known_zone,
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=tuple(sorted({weekday % 7 for weekday in weekdays})),
        either_day=not words[2].startswith("*") and not words[4].startswith("*"),
    )
    if not cron.either_day and min(days) > max(monthrange(2000, month)[1] for month in months):
        named = ", ".join(_MONTHS[month - 1].capitalize() for month in months)
        raise BadInputError(f"{cron.line!r} never comes: {named} has no day {min(days)}. Give a day that it has.")
    return cron


def next_time(cron: Cron, after: datetime) -> datetime:
    """Return the first instant of a cron line after a moment."""
    local = after.astimezone(ZoneInfo(cron.zone)).date()
    dates = _dates(cron, local - _DAY, 1)
    for first in dates:
        if any(instant > after for instant in _instants(cron, first)):
            break
    # Where clocks go back across midnight, an instant of the next day may come before one of this day.
    near = (*_instants(cron, first), *_instants(cron, first + _DAY))
    return min(instant for instant in near if instant > after)


def latest_time(cron: Cron, until: datetime) -> datetime:
    """Return the last instant of a cron line until a moment, which may be this moment."""
    local = until.astimezone(ZoneInfo(cron.zone)).date()
    for last in _dates(cron, local + _DAY, -1):
        if any(instant <= until for instant in _instants(cron, last)):
            break
    near = (*_instants(cron, last - _DAY), *_instants(cron, last))
    return max(instant for instant in near if instant <= until)


def _parse_field(word: str, field: _Field) -> tuple[int, ...]:
    values: set[int] = set()
    for part in word.split(","):
        found = re.fullmatch(r"(?:(\*)|([0-9a-z]+)(?:-([0-9a-z]+))?)(?:/([0-9]{1,4}))?", part, re.ASCII | re.IGNORECASE)
        if not found:
            raise _bad_field(part, field)
        star, first, last, step = found.groups()
        low = field.low if star else _parse_value(first, field)
        high = low
        if star or (step and not last):
            high = min(field.high, 6) if field.high == 7 else field.high
        elif last:
            high = _parse_value(last, field)
            high = 7 if (field.high, high) == (7, 0) and low > 0 else high  # FRI-SUN
        if high < low or (step and int(step) == 0):
            raise _bad_field(part, field)
        values.update(range(low, high + 1, int(step or 1)))
    return tuple(sorted(values))


def _parse_value(word: str, field: _Field) -> int:
    if word.upper() in field.names:
        return field.names.index(word.upper()) + field.low
    if word.isdigit() and len(word) <= 2 and field.low <= int(word) <= field.high:
        return int(word)
    raise _bad_field(word, field)


def _bad_field(part: str, field: _Field) -> BadInputError:
    names = f", or {field.names[0]} to {field.names[-1]}" if field.names else ""
    sunday = "; 0 and 7 are Sunday" if field.high == 7 else ""
    return BadInputError(
        f"{part[:30]!r} is no {field.name} of a cron line: it has {field.low} to {field.high}{names}{sunday}; "
        "lists (1,3), ranges (1-5), steps (*/2)."
    )


def _dates(cron: Cron, first: date, step: int) -> Iterator[date]:
    """Yield the dates that a cron line names, from `first` on, or backwards."""
    days = (first + number * step * _DAY for number in range(_YEARS * 366))
    return (day for day in days if _names(cron, day))


def _names(cron: Cron, day: date) -> bool:
    by_day, by_weekday = day.day in cron.days, day.isoweekday() % 7 in cron.weekdays
    return day.month in cron.months and ((by_day or by_weekday) if cron.either_day else (by_day and by_weekday))


@lru_cache(maxsize=256)
def _instants(cron: Cron, day: date) -> tuple[datetime, ...]:
    """Return the instants of a cron line on a date of its zone, in order; none on a date that it does not name."""
    if not _names(cron, day):
        return ()
    zone, by_real_time = ZoneInfo(cron.zone), len(cron.hours) == 24
    found: set[datetime] = set()
    for local in (datetime.combine(day, time(hour, minute)) for hour in cron.hours for minute in cron.minutes):
        instants = instants_of(local, zone)
        if by_real_time:
            found.update(instants)
        else:
            found.add(instants[0] if instants else end_of_gap(local, zone))
    return tuple(sorted(found))
