"""One cell that says when something is: its day, its times and its zone, each with every reading."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from .cells import WhenCell, cut_short_day, read_minutes, read_when
from .dates import days_of, find_figures, write_year
from .grid import Cell

DAY = 24 * 60
LONGEST = 200  # characters of a date or a time
_NUMBER = re.compile(r"\d{1,8}|\d{5}[.,]\d{1,20}|0[.,](?:\d|[6-9]\d|\d{3,20})")  # 0.25 may be a quarter past midnight
_ISO = re.compile(  # RFC 3339; "2027-04-03 09:00-10:00" is a span and no offset
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d|[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?|[ ]\d\d:\d\d(?=\s?[Z+]))"
    r"\s?(?:Z|[+-](?:0\d|1[0-4])(?::?\d\d)?)"
)
_SECONDS = re.compile(r"(\d{1,2}:\d\d):\d\d(?:\.\d+)?")
_CHINESE_HALF = re.compile(r"(上午|中午|下午|晚上)\s*(\d{1,2})\s*(?:[:：点時时]\s*(\d\d)?分?)")
_DOTTED_OFFSET = re.compile(r"((?:UTC|GMT)\s?[+\-−–]\s?\d{1,2})[.,](\d\d)\b")
_BARE_OFFSET = re.compile(r"^\s*[+\-−]\d{1,2}(?:[:.]?\d\d)?$")
_CLOCK = re.compile(r"(\d{1,3}):(\d\d)(?::\d\d)?|(\d{1,2})\s?h\s?(\d\d)?(?:\s?min)?")
_BETWEEN_ZONES = (re.compile(r"\s+[/=]\s+|(?<=[^\W\d])/(?=\d)|[|;\n]|\s*\((?=\d)"), re.compile(r",\s*(?=\d)"))
_MOST_ZONES = 6
_SERIAL = (20_000, 80_000)  # days of Excel's calendar: 1954 to 2119
_EARLY = 8 * 60  # before it, a time without a.m. or p.m. may be in the afternoon


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a cell says: the days it may mean, times in minutes after midnight, zones; the first reading is taken.

    `is_unclear` if 2:30 may be 14:30; `is_24_hours` if the cell can only be of the 24-hour clock. `instant` is a time
    with its offset. `others` say the same time for other zones: "9am EDT / 3pm CEST".
    """

    days: tuple[date, ...] = ()
    doubts: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    start: int | None = None
    end: int | None = None
    is_unclear: bool = False
    is_24_hours: bool = False
    instant: datetime | None = None
    zones: WhenCell = field(default_factory=lambda: read_when(""))
    others: tuple["Moment", ...] = ()


def read_moment(
    cell: Cell, orders: tuple[str, ...], *, kind: Literal["date", "time"], from_1904: bool = False
) -> Moment | None:
    """Read a cell of a column of dates or times; None where it says something else."""
    if len(cell.text) > LONGEST:
        return None
    if isinstance(cell.value, datetime):
        at = _rounded(cell.value)
        return replace(_clock(at.time(), cell), days=(at.date(),)) if cell.has_time else Moment(days=(at.date(),))
    if isinstance(cell.value, date):
        return Moment(days=(cell.value,))
    if isinstance(cell.value, time):
        return _clock(_rounded(datetime.combine(date(2000, 1, 1), cell.value)).time(), cell)
    if isinstance(cell.value, timedelta):
        minutes = round(cell.value / timedelta(minutes=1))
        return Moment(start=minutes) if 0 <= minutes <= DAY else None
    if isinstance(cell.value, int | float) or _NUMBER.fullmatch(cell.text):
        return _read_number(cell, kind, from_1904)
    return _read_written(cell.text, orders)


def read_duration(cell: Cell, unit: str) -> tuple[int | None, str]:
    """Read the cell of a duration: its minutes, None if it is none, and the doubt. `unit` is that of the header."""
    if isinstance(cell.value, time):
        return _minutes(cell.value) or None, ""
    if isinstance(cell.value, datetime):
        return None, ""
    if isinstance(cell.value, timedelta):
        return round(cell.value / timedelta(minutes=1)) or None, ""
    text = cell.text.replace(",", ".")
    if re.fullmatch(r"\d{1,4}(?:\.\d{1,3})?", text):
        return _bare_duration(float(text), unit.lower())
    if clock := _CLOCK.fullmatch(cell.text):
        hours, minutes = int(clock[1] or clock[3]), int(clock[2] or clock[4] or 0)
        return (hours * 60 + minutes or None, "") if hours <= 12 and minutes < 60 else (None, "")
    return read_minutes(_latin_unit(cell.text)), ""


def read_zone(text: str) -> WhenCell:
    """Read the zones of a text; its `rest` is what is none."""
    text = _BARE_OFFSET.sub(lambda offset: f"UTC{offset[0].strip()}", text)
    text = _DOTTED_OFFSET.sub(r"\1:\2", text).replace("(US and Canada)", "").replace("(US & Canada)", "")
    return read_when(text)


def _clock(at: time, cell: Cell) -> Moment:
    minutes = _minutes(at)
    early = 60 <= minutes < _EARLY and not cell.shows_half
    return Moment(start=minutes, is_unclear=early, is_24_hours=at.hour > 12 and not cell.shows_half)


def _rounded(at: datetime) -> datetime:
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)  # a spreadsheet's 14:30 is a fraction


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _read_number(cell: Cell, kind: str, from_1904: bool) -> Moment | None:
    """Read the number of a day in Excel's calendar, a fraction of a day, 20270403, 14 or 1430."""
    number = float(cell.text.replace(",", "."))
    whole = number.is_integer()
    if _SERIAL[0] <= number <= _SERIAL[1]:
        at = _rounded((MAC_EPOCH if from_1904 else WINDOWS_EPOCH) + timedelta(days=number))
        doubt = "" if cell.value is not None else f"{cell.text} is the number of a day in Excel: {at:%Y-%m-%d}"
        start = None if whole else _minutes(at.time())
        return Moment(days=(at.date(),), doubts=(doubt,) if doubt else (), start=start)
    if len(cell.text) == 8 and whole:
        try:
            return Moment(days=(datetime.strptime(cell.text, "%Y%m%d").date(),))  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return None
    if kind == "date":
        return None
    if 0 <= number <= 1 and not (cell.text in ("0", "1") and cell.value is None):
        return Moment(start=round(number * DAY), is_24_hours=True)
    hour, minute = divmod(int(number), 100) if number >= 100 else (int(number), 0)
    if not whole or hour > 24 or minute > 59 or len(cell.text) > 4:
        return None
    padded = cell.text.startswith("0") or hour > 12
    start = hour * 60 + minute
    return Moment(start=start, is_unclear=not padded and start < _EARLY, is_24_hours=padded) if start <= DAY else None


@lru_cache(maxsize=4096)  # the rows of a table repeat their days, times and zones
def _read_written(text: str, orders: tuple[str, ...]) -> Moment | None:
    return _read_zones(text, orders) or _read_text(text, orders)


def _read_zones(text: str, orders: tuple[str, ...]) -> Moment | None:
    """Read a time that is written for several zones; None for any other."""
    for separator in _BETWEEN_ZONES:
        parts = [part.strip(" )") for part in separator.split(text)]
        if 1 < len(parts) <= _MOST_ZONES:
            read = [moment for part in parts if (moment := _read_text(part, orders))]
            timed = all(moment.start is not None and len(moment.zones.zones) == 1 for moment in read)
            if timed and len(read) == len(parts) and not any(moment.days for moment in read[1:]):
                return replace(read[0], others=tuple(read[1:]))
    return None


def _read_text(text: str, orders: tuple[str, ...]) -> Moment | None:
    if iso := _ISO.fullmatch(text):
        instant = datetime.fromisoformat(iso[0].replace(" ", "T", 1).replace(" ", "").replace(",", "."))
        return Moment(days=(instant.date(),), start=_minutes(instant.time()), is_24_hours=True, instant=instant)
    text = re.sub(r"(?<=\d)T(?=\d)", " ", text)
    text = _SECONDS.sub(r"\1", _CHINESE_HALF.sub(_write_half, text))
    text, short = cut_short_day(text)
    text, doubt = write_year(text)
    figures = find_figures(text)
    days: tuple[date, ...] = ()
    if figures:
        days = days_of(figures, orders)
        text = text[: figures.start()] + " " + text[figures.end() :]
    read = read_when(_DOTTED_OFFSET.sub(r"\1:\2", text))
    if len(read.dates) + bool(figures) > 1 or len(read.times) > 1 or read.rest or (figures and not days):
        return None
    found = read.dates[0] if read.dates else None
    doubts = [*((doubt,) if doubt else ()), *(found.doubts if found else ())]
    if found and found.last:
        doubts.append(f"several days are written, {found.day} to {found.last}; the first is taken")
    span = read.times[0] if read.times else None
    hours = [minutes // 60 for minutes in ((span.start, span.end) if span else ()) if minutes is not None]
    has_half = re.search(r"(?i)\d\s?[ap]\.?\s?m\b", text) is not None
    padded = re.search(r"(?<![\d:])0\d[:.h]\d\d", text) is not None
    certain = has_half or padded or any(hour > 12 for hour in hours)
    return Moment(
        days=(found.day,) if found else days,
        doubts=tuple(doubts),
        weekdays=(*short, *read.weekdays),
        start=span.start if span else None,
        end=span.end if span else None,
        is_unclear=bool(span and (span.half_unclear or (not certain and 60 <= span.start < _EARLY))),
        is_24_hours=not has_half and (padded or any(hour > 12 for hour in hours)),
        zones=read,
    )


def _write_half(match: re.Match[str]) -> str:
    half = "AM" if match[1] == "上午" else "PM"
    return f"{match[2]}:{match[3] or '00'} {half}" if int(match[2]) <= 12 else f"{match[2]}:{match[3] or '00'}"


def _bare_duration(number: float, unit: str) -> tuple[int | None, str]:
    """Read a duration without a unit: of hours if it is small, of minutes if it is large, else with a doubt."""
    if unit.startswith(("min", "мин", "分")):
        return round(number) or None, ""
    if unit.startswith(("h", "std", "stunde", "ч", "小时")):
        return round(number * 60) or None, ""
    if 1 <= number <= 4:
        return round(number * 60), ""
    if 15 <= number <= DAY and number.is_integer():
        return int(number), ""
    if 4 < number < 15:
        return (round(number * 60), f"{number:g} may be hours (taken) or minutes") if number <= 12 else (None, "")
    return None, ""


def _latin_unit(text: str) -> str:
    """Write the units of Russian and Chinese in Latin letters, and 45' as minutes."""
    for pattern, unit in ((r"мин\w*\.?|分钟?|'|′", " min"), (r"час\w*|小时", " hours"), (r"(?<=\d)\s*ч\.?", " h")):
        text = re.sub(pattern, unit, text)
    return text
