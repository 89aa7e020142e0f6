"""The times of a schedule, one row for each time, with its day and zones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .dates import FoundDate
from .lines import WhenLine
from .times import TimeSpan
from .zones import ZoneMention, in_force

NOON = 12 * 60


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


def at(day: date, minutes: int) -> datetime:
    """Build the wall-clock time that many minutes after the midnight of a day."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - a wall-clock time


def in_zone(local: datetime, zone: str) -> datetime:
    """Read a wall-clock time in a zone."""
    return local.replace(tzinfo=ZoneInfo(zone))


def read_rows(when: WhenLine) -> tuple[Row, ...]:
    """Read the times of a line, each with its day and its zones."""
    times = tuple(_iter_split(when))
    rows = []
    for span, mentions in zip(times, _assign(when.text, times, when.zones), strict=True):
        before = [found for found in when.dates if found.begin < span.begin]
        day = before[-1] if before else (when.dates[0] if when.dates else None)
        rows.append(Row(when=when, day=day, span=span, zones=mentions))
    return _joined(tuple(rows), when)


def _iter_split(when: WhenLine) -> Iterator[TimeSpan]:
    """Split "08:30 New York - 14:30 Geneva", which looks like a span, into its two times."""
    for span in when.times:
        inside = [mention.zone for mention in when.zones if span.begin < mention.begin < span.stop]
        behind = [mention.zone for mention in when.zones if span.stop <= mention.begin <= span.stop + 4]
        dated = any(span.begin < found.begin < span.stop for found in when.dates)
        if span.parts and (dated or (inside and behind and inside[0] != behind[0])):
            yield from span.parts
        else:
            yield span


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


def _assign(text: str, times: Sequence[TimeSpan], zones: Sequence[ZoneMention]) -> list[tuple[ZoneMention, ...]]:
    """List the zones of each time."""
    assigned: list[list[ZoneMention]] = [[] for _ in times]
    for mention in zones:
        if times:
            assigned[_time_of_zone(text, mention, times, zones)].append(mention)
    for place in range(len(assigned) - 2, -1, -1):  # "10:00-12:00 and 14:00-16:00 CET"
        assigned[place] = assigned[place] or list(assigned[place + 1])
    for place in range(1, len(assigned)):
        assigned[place] = assigned[place] or list(assigned[place - 1])
    return [tuple(mentions) for mentions in assigned]


def _time_of_zone(text: str, mention: ZoneMention, times: Sequence[TimeSpan], zones: Sequence[ZoneMention]) -> int:
    before = [place for place, span in enumerate(times) if span.begin <= mention.begin]
    after = [place for place, span in enumerate(times) if span.begin > mention.begin]
    if not before or not after:
        return before[-1] if before else after[0]
    gap_before = text[times[before[-1]].stop : mention.begin]
    gap_after = text[mention.end : times[after[0]].begin]
    parted_before, parted_after = _has_separator(gap_before), _has_separator(gap_after)
    if parted_before != parted_after:
        return after[0] if parted_before else before[-1]
    if gap_after.lstrip(" )").startswith((":", "=")):
        return after[0]
    leads = zones[0].begin < times[0].begin and gap_before.strip(" (") != ""
    return after[0] if leads else before[-1]


def _has_separator(gap: str) -> bool:
    return any(mark in gap for mark in "/|;")
