"""The schedule as written: the lines that form it, and its times, a row for each, with its day and zones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from ...errors import BadInputError
from ..doubts import Doubts
from ..lines import Line
from .dates import FoundDate
from .lines import WhenLine, read_when_lines, read_yearless, speaks_of_other_dates
from .times import TimeSpan
from .zones import ZoneMention, in_force

NOON = 12 * 60
EXAMPLE = '"31 January 2023, 14:30-15:45 CET, Geneva time"'


@dataclass(frozen=True, kw_only=True)
class Row:
    """A time as written: its line, its day (None where another line gives it) and its zones."""

    when: WhenLine
    day: FoundDate | None
    span: TimeSpan
    zones: tuple[ZoneMention, ...]
    last_day: date | None = None  # the day of the end, where it is written

    def local_start(self, day: date) -> datetime:
        """Build the wall-clock time of the start on a day."""
        return at(day, self.span.start)

    def local_end(self, day: date) -> datetime | None:
        """Build the wall-clock time of the end for a start on a day. An end before the start is on the next day."""
        if self.span.end is None:
            return None
        if self.last_day:
            return at(self.last_day, self.span.end)
        end = at(day, self.span.end)
        return end if end > self.local_start(day) else end + timedelta(days=1)

    def place(self, day: date) -> ZoneMention | None:
        """Choose the zone of the row: a city before an abbreviation, then a zone that is in force on that day."""
        places = [mention for mention in self.zones if mention.is_place]
        if places:
            return places[0]
        local = self.local_start(day)
        return next(
            (zone for zone in self.zones if in_force(zone, zone.zone, local)), self.zones[0] if self.zones else None
        )


@dataclass(frozen=True, kw_only=True)
class When:
    """The schedule as written: its lines, the rows with their days (`days[n]` belongs to `rows[n]`), a duration."""

    lines: tuple[WhenLine, ...]
    rows: tuple[Row, ...]
    days: tuple[date, ...]
    duration: timedelta | None


def at(day: date, minutes: int) -> datetime:
    """Build the wall-clock time that many minutes after the midnight of a day."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - a wall-clock time


def in_zone(local: datetime, zone: str) -> datetime:
    """Read a wall-clock time in a zone."""
    return local.replace(tzinfo=ZoneInfo(zone))


def read_when(lines: Sequence[Line], file: str, doubts: Doubts) -> When:
    """Read the rows of the schedule with their days. Raises BadInputError with the line if date or time is missing."""
    chosen, first = _choose(read_when_lines(lines), lines, file)
    loose = tuple(zone for when in chosen if not when.times for zone in when.zones if when.label or not when.dates)
    rows: list[Row] = []
    for row in (row for when in chosen for row in _rows(when)):
        if row.when.label == "end" and rows and rows[-1].span.end is None:
            rows[-1] = replace(rows[-1], span=replace(rows[-1].span, end=row.span.start))
        else:
            rows.append(row if row.zones else replace(row, zones=loose))
    if not rows:
        line = next((when.line.number for when in chosen if when.dates), chosen[0].line.number)
        raise BadInputError(f"expected a time of day with the date, such as {EXAMPLE}", file=file, line=line)
    dated = [when for when in chosen if when.dates]
    days = []
    for row in rows:
        earlier = [when.dates[0] for when in dated if when.line.number < row.when.line.number]
        day = row.day or (earlier[-1] if earlier and any(when.times for when in dated) else first)
        days.append(day.day)
    _doubt_days(rows, chosen, first, days[0], doubts)
    length = next((timedelta(minutes=when.duration) for when in chosen if when.duration is not None), None)
    return When(lines=tuple(chosen), rows=tuple(rows), days=tuple(days), duration=length)


def _choose(every: Sequence[WhenLine], lines: Sequence[Line], file: str) -> tuple[list[WhenLine], FoundDate]:
    """Choose the lines of the schedule; prose counts only if no line is there to give the date."""
    sure = [when for when in every if when.is_certain]
    certain: list[WhenLine] = []
    for when, later in zip_longest(sure, sure[1:]):
        # bare times that are not next to a line with a date or label belong to an agenda
        follows = bool(certain) and when.line.number - certain[-1].line.number <= 2
        leads = later and (later.dates or later.label) and later.line.number - when.line.number <= 2
        if when.dates or when.label or follows or leads:
            certain.append(when)
    dated = [when for when in certain if when.dates]
    if not dated:
        mentions = [when for when in every if when.dates and not speaks_of_other_dates(when)]
        mentions.sort(key=lambda when: not when.times)  # stable, so the first with a time wins, else the first
        dated = mentions[:1]
        certain = sorted([*(when for when in certain if when not in dated), *dated], key=lambda when: when.line.number)
    if dated:
        leading = next((when for when in dated if when.times), dated[0])
        return certain, leading.dates[0]
    return _choose_yearless(every, certain, lines, file)


def _choose_yearless(
    every: Sequence[WhenLine], certain: list[WhenLine], lines: Sequence[Line], file: str
) -> tuple[list[WhenLine], FoundDate]:
    yearless = read_yearless(lines, every)
    if yearless is None:
        timed = next((when.line.number for when in every if when.times or when.label == "date"), None)
        if timed is not None:
            message = f"no date that exists can be read here; expected a line such as {EXAMPLE}"
            raise BadInputError(message, file=file, line=timed)
        line = next((line.number for line in lines if line.text), 1)
        raise BadInputError(f"no line says when the event is; expected one such as {EXAMPLE}", file=file, line=line)
    when, day = yearless
    if day.doubts:
        raise BadInputError(f"the date has no year; expected one such as {EXAMPLE}", file=file, line=when.line.number)
    doubt = f"no year is written with the date; {day.day.year} is taken from the announcement's head"
    return [*(line for line in certain if line is not when), when], replace(day, doubts=(doubt,))


def _rows(when: WhenLine) -> tuple[Row, ...]:
    times: list[TimeSpan] = []
    for span in when.times:
        inside = [mention.zone for mention in when.zones if span.begin < mention.begin < span.stop]
        behind = [mention.zone for mention in when.zones if span.stop <= mention.begin <= span.stop + 4]
        dated = any(span.begin < found.begin < span.stop for found in when.dates)
        two = dated or (inside and behind and inside[0] != behind[0])  # "08:30 New York - 14:30 Geneva" is no span
        times.extend(span.parts if span.parts and two else [span])
    zones: list[list[ZoneMention]] = [[] for _ in times]
    for mention in when.zones if times else ():
        zones[_time_of_zone(when.text, mention, times, when.zones)].append(mention)
    for place in range(len(times) - 2, -1, -1):  # "10:00-12:00 and 14:00-16:00 CET"
        zones[place] = zones[place] or zones[place + 1]
    rows = []
    for place, span in enumerate(times):
        zones[place] = zones[place] or zones[max(place - 1, 0)]
        before = [found for found in when.dates if found.begin < span.begin]
        day = before[-1] if before else (when.dates[0] if when.dates else None)
        rows.append(Row(when=when, day=day, span=span, zones=tuple(zones[place])))
    return _joined(tuple(rows), when)


def _time_of_zone(text: str, mention: ZoneMention, times: Sequence[TimeSpan], zones: Sequence[ZoneMention]) -> int:
    before = [place for place, span in enumerate(times) if span.begin <= mention.begin]
    after = [place for place, span in enumerate(times) if span.begin > mention.begin]
    if not before or not after:
        return before[-1] if before else after[0]
    gap_before = text[times[before[-1]].stop : mention.begin]
    gap_after = text[mention.end : times[after[0]].begin]
    parted_before, parted_after = (any(mark in gap for mark in "/|;") for gap in (gap_before, gap_after))
    if parted_before != parted_after:
        return after[0] if parted_before else before[-1]
    if gap_after.lstrip(" )").startswith((":", "=")):
        return after[0]
    leads = zones[0].begin < times[0].begin and gap_before.strip(" (") != ""
    return after[0] if leads else before[-1]


def _joined(rows: tuple[Row, ...], when: WhenLine) -> tuple[Row, ...]:
    """Join "31 January 2023, 22:00 - 1 February 2023, 01:00" into one row."""
    if len(rows) != 2 or len(when.dates) != 2:
        return rows
    first, second = rows
    between = when.text[first.span.stop : second.span.begin]
    apart = first.day and second.day and first.day.day < second.day.day and first.span.end is None is second.span.end
    joins = any(sign in f" {between} " for sign in ("-", "–", "—", " to ", " until ", " au ", " al ", " à ", " bis "))
    if not apart or not joins or (first.zones and second.zones and first.zones[0].zone != second.zones[0].zone):
        return rows
    span = replace(first.span, end=second.span.start, stop=second.span.stop)
    return (
        replace(first, span=span, zones=first.zones or second.zones, last_day=second.day.day if second.day else None),
    )


def _doubt_days(rows: Sequence[Row], chosen: Sequence[WhenLine], first: FoundDate, day: date, doubts: Doubts) -> None:
    source = next((when for when in chosen if any(found.day == day for found in when.dates)), rows[0].when)
    found = next((found for found in source.dates if found.day == day), first)
    for doubt in dict.fromkeys((*found.doubts, *(first.doubts if first.day == day else ()))):
        doubts.add("start", source.line, doubt)
    span = rows[0].span
    ends_next_day = span.end is not None and span.end <= span.start
    if found.last and not (ends_next_day and (found.last - found.day).days == 1):
        days = f"{found.day} to {found.last}"
        reason = f"several days are announced, {days}; the first is taken, write one event per day"
        doubts.add("start", source.line, reason)
    with_times = {row.when.line.number for row in rows}
    for when in chosen:
        for other in when.dates:
            if other.day != day and when.line.number not in with_times and rows[0].last_day != other.day:
                doubts.add("start", when.line, f"another date is announced, {other.day}; {day} is taken")
