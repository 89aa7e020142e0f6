"""The schedule of an event: start, end, zone and rows for display."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...events import DisplayTime
from ..doubts import Doubts, spoken
from ..lines import Line, is_prose
from ..moving import display_row
from .lines import WhenLine
from .readings import choose_zone, doubt_abbreviations, doubt_clock_change, readings
from .rows import NOON, Row, When, in_zone, read_when

MINUTE = timedelta(minutes=1)
ASSUMED_LENGTH = timedelta(hours=1)
PROSE = 40  # number of letters besides date and time
LONG = timedelta(hours=24)
USUAL = timedelta(hours=8)  # in a longer event, a.m. and p.m. may be mixed up


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The schedule with the numbers of its lines; `first` is the line of its main row."""

    start: datetime
    end: datetime
    timezone: str
    display_times: tuple[DisplayTime, ...]
    lines: tuple[int, ...]
    first: WhenLine
    prose: tuple[Line, ...]  # lines with more text than the time, for the description too


@dataclass(frozen=True, kw_only=True)
class _Primary:
    row: Row
    zone: str
    label: str
    start: datetime


def read_schedule(lines: Sequence[Line], venue: str, file: str, doubts: Doubts) -> Schedule:
    """Read the schedule and add its doubts. Raises BadInputError with the line if date or time is missing."""
    when = read_when(lines, file, doubts)
    primary = _primary(when, venue, doubts)
    agreeing = _agreeing(when, primary, doubts)
    end = _end(when, primary, agreeing, doubts)
    rows = [(primary.label, primary.zone), *((label, zone) for _, label, zone in agreeing)]
    shown = {zone: label for label, zone in reversed(rows)}  # the first label of a zone counts
    zones = list(dict.fromkeys(zone for _, zone in rows))
    return Schedule(
        start=primary.start,
        end=end,
        timezone=primary.zone,
        display_times=tuple(display_row(shown[zone], zone, primary.start, end) for zone in zones),
        lines=tuple(dict.fromkeys(part.line.number for part in when.lines)),
        first=primary.row.when,
        prose=tuple(part.line for part in when.lines if part.letters > PROSE and is_prose(part.line.text)),
    )


def _primary(when: When, venue: str, doubts: Doubts) -> _Primary:
    """Choose the zone and the start of the first row."""
    row, *others = when.rows
    day = when.days[0]
    others_say = {
        moment
        for other, other_day in zip(others, when.days[1:], strict=True)
        if (place := other.place(other_day)) and len(place.zones) == 1
        for moment in readings(other, other_day, place.zone)
    }
    zone, label = choose_zone(row, day, others_say, venue, doubts)
    local = row.local_start(day)
    if row.span.half_unclear:  # 2:30 or 14:30, as the other zones say, else as written
        afternoon = local + NOON * MINUTE
        agree = [moment for moment in (local, afternoon) if in_zone(moment, zone).astimezone(UTC) in others_say]
        if len(agree) != 1:
            reason = f"neither a.m. nor p.m. is written: {local:%H:%M} (taken) or {afternoon:%H:%M}"
            doubts.add("start", row.when.line, reason)
        local = agree[0] if len(agree) == 1 else local
    doubt_abbreviations(row, zone, local, doubts)
    doubt_clock_change("start", row, local, zone, doubts)
    return _Primary(row=row, zone=zone, label=label, start=in_zone(local, zone))


def _agreeing(when: When, primary: _Primary, doubts: Doubts) -> list[tuple[Row, str, str]]:
    """List the rows of the same instant in another zone, with label and zone; add a doubt for each other row."""
    agreeing = []
    start = primary.start
    for row, day in zip(when.rows[1:], when.days[1:], strict=True):
        place = row.place(day)
        label, zones = (place.label, place.zones) if place else (primary.zone, (primary.zone,))
        same = [zone for zone in zones if start.astimezone(UTC) in readings(row, day, zone)]
        if same and place:
            doubt_abbreviations(row, same[0], start.astimezone(ZoneInfo(same[0])).replace(tzinfo=None), doubts)
            agreeing.append((row, label, same[0]))
        if same:
            continue
        local, other = row.local_start(day), in_zone(row.local_start(day), zones[0])
        if zones[0] == primary.zone or abs(other - start) > timedelta(hours=30):
            what = "another date" if local.date() != start.date() else "another time"
            reason = f"{what} is announced: {local:%Y-%m-%d %H:%M}; the first, {start:%Y-%m-%d %H:%M}, was taken"
            doubts.add("start", row.when.line, reason)
        else:
            taken = f"{start:%H:%M} {primary.label} is {spoken(start)} (taken)"
            reason = f"the zones disagree: {taken}, {local:%H:%M} {label} is {spoken(other)}"
            doubts.add("timezone", row.when.line, reason)
    return agreeing


def _end(when: When, primary: _Primary, agreeing: list[tuple[Row, str, str]], doubts: Doubts) -> datetime:
    """Choose the end: as written, else from the row of another zone, else from the duration, else after one hour."""
    length = _written_length(primary.row, when.days[0])
    for row, label, _ in agreeing:
        other = _written_length(row, when.days[0])
        if length and other and other != length:
            taken = f"{length // MINUTE} minutes by the first zone (taken)"
            reason = f"the ends disagree: {taken}, {other // MINUTE} by {label}"
            doubts.add("end", row.when.line, reason)
        length = length or other
    if length and when.duration and length != when.duration:
        reason = f"times and duration disagree: {length // MINUTE} minutes (taken) or {when.duration // MINUTE}"
        doubts.add("end", primary.row.when.line, reason)
    length = length or when.duration
    if length is None:
        doubts.add("end", primary.row.when.line, "no end is written; one hour is assumed")
        length = ASSUMED_LENGTH
    local = primary.start.replace(tzinfo=None)
    if length > LONG:
        doubts.add("end", primary.row.when.line, "the event lasts longer than a day; write one event per day")
    elif length > USUAL:
        reason = f"an event of {_hours(length)} is written: {local:%H:%M} to {local + length:%H:%M} (taken)"
        half = NOON * MINUTE
        if length > half:  # as it would be with a.m. and p.m. exchanged
            start = local + half if local.hour == 0 else local  # "12 am" is midnight, and often meant as noon
            reason += f"; or {_hours(length - half)}: {start:%H:%M} to {start + length - half:%H:%M}"
        doubts.add("end", primary.row.when.line, reason)
    doubt_clock_change("end", primary.row, local + length, primary.zone, doubts)
    end = in_zone(local + length, primary.zone)
    return end if end.astimezone(UTC) > primary.start.astimezone(UTC) else (primary.start.astimezone(UTC) + length)


def _hours(length: timedelta) -> str:
    hours, minutes = divmod(length // MINUTE, 60)
    return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"


def _written_length(row: Row, day: date) -> timedelta | None:
    end = row.local_end(day)
    if end is None:
        return None
    length = end - row.local_start(day)
    return length - timedelta(days=1) if length > timedelta(days=1) and not row.last_day else length
