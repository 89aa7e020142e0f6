"""The schedule of an event: start, end, zone and rows for display."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...events import DisplayTime
from ..doubts import Doubts, spoken
from ..lines import Line, is_prose
from ..moving import display_row
from .day import When, read_when
from .readings import choose_zone, doubt_abbreviations, doubt_clock_change, readings
from .rows import NOON, Row, in_zone
from .zones import ZoneMention

ASSUMED_LENGTH = timedelta(hours=1)
PROSE = 40  # number of letters besides date and time
LONG = timedelta(hours=24)
USUAL = timedelta(hours=8)  # in a longer event, a.m. and p.m. may be mixed up


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The schedule with the numbers of its lines; `before` and `after` are the other text of the first line."""

    start: datetime
    end: datetime
    timezone: str
    display_times: tuple[DisplayTime, ...]
    lines: tuple[int, ...]
    first: Line
    before: str
    after: str
    prose: tuple[Line, ...] = ()  # lines with more text than the time, for the description too


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
    first = primary.row.when
    return Schedule(
        start=primary.start,
        end=end,
        timezone=primary.zone,
        display_times=tuple(display_row(shown[zone], zone, primary.start, end) for zone in zones),
        lines=tuple(dict.fromkeys(part.line.number for part in when.lines)),
        first=first.line,
        prose=tuple(part.line for part in when.lines if part.letters > PROSE and is_prose(part.line.text)),
        before=first.before,
        after=first.after,
    )


def _primary(when: When, venue: str, doubts: Doubts) -> _Primary:
    """Choose the zone and start of the first row."""
    row, *others = when.rows
    day = when.days[0]
    others_say = {
        moment
        for other, other_day in zip(others, when.days[1:], strict=True)
        if (place := other.place(other_day)) and len(place.zones) == 1
        for moment in readings(other, other_day, place.zone)
    }
    zone, label = choose_zone(row, day, others_say, venue, doubts)
    local = _choose_half(row, day, zone, others_say, doubts)
    doubt_abbreviations(row, zone, local, doubts)
    doubt_clock_change("start", row, local, zone, doubts)
    return _Primary(row=row, zone=zone, label=label, start=in_zone(local, zone))


def _choose_half(row: Row, day: date, zone: str, others_say: set[datetime], doubts: Doubts) -> datetime:
    """Choose between 2:30 and 14:30 if neither a.m. nor p.m. is written: as the other zones say, else as written."""
    local = row.local_start(day)
    if not row.span.half_unclear:
        return local
    afternoon = local + timedelta(minutes=NOON)
    agree = [moment for moment in (local, afternoon) if in_zone(moment, zone).astimezone(UTC) in others_say]
    if len(agree) == 1:
        return agree[0]
    reason = f"neither a.m. nor p.m. is written: {local:%H:%M} (taken) or {afternoon:%H:%M}"
    doubts.add("start", row.when.line, reason)
    return local


def _agreeing(when: When, primary: _Primary, doubts: Doubts) -> list[tuple[Row, str, str]]:
    """List the rows of the same instant in another zone, with label and zone; add a doubt for each other row."""
    agreeing = []
    for row, day in zip(when.rows[1:], when.days[1:], strict=True):
        place = row.place(day)
        zones = place.zones if place else (primary.zone,)
        same = [zone for zone in zones if primary.start.astimezone(UTC) in readings(row, day, zone)]
        if not same:
            _doubt_other_row(row, day, place, primary, doubts)
        elif place:
            local = primary.start.astimezone(ZoneInfo(same[0])).replace(tzinfo=None)
            doubt_abbreviations(row, same[0], local, doubts)
            agreeing.append((row, place.label, same[0]))
    return agreeing


def _doubt_other_row(row: Row, day: date, place: ZoneMention | None, primary: _Primary, doubts: Doubts) -> None:
    local = row.local_start(day)
    zone = place.zone if place else primary.zone
    other = in_zone(local, zone)
    far = abs(other - primary.start) > timedelta(hours=30)
    if zone == primary.zone or far:
        what = "another date" if local.date() != primary.start.replace(tzinfo=None).date() else "another time"
        reason = f"{what} is announced: {local:%Y-%m-%d %H:%M}; the first, {primary.start:%Y-%m-%d %H:%M}, was taken"
        doubts.add("start", row.when.line, reason)
        return
    reason = (
        f"the zones disagree: {primary.start:%H:%M} {primary.label} is {spoken(primary.start)} (taken), "
        f"{local:%H:%M} {place.label if place else zone} is {spoken(other)}"
    )
    doubts.add("timezone", row.when.line, reason)


def _end(when: When, primary: _Primary, agreeing: list[tuple[Row, str, str]], doubts: Doubts) -> datetime:
    """Choose the end: as written, else from the row of another zone, else from the duration, else after one hour."""
    length = _written_length(primary.row, when.days[0])
    for row, label, _ in agreeing:
        other = _written_length(row, when.days[0])
        if length and other and other != length:
            taken = f"{_minutes(length)} minutes by the first zone (taken)"
            reason = f"the ends disagree: {taken}, {_minutes(other)} by {label}"
            doubts.add("end", row.when.line, reason)
        length = length or other
    if length and when.duration and length != when.duration:
        reason = f"times and duration disagree: {_minutes(length)} minutes (taken) or {_minutes(when.duration)}"
        doubts.add("end", primary.row.when.line, reason)
    length = length or when.duration
    if length is None:
        doubts.add("end", primary.row.when.line, "no end is written; one hour is assumed")
        length = ASSUMED_LENGTH
    if length > LONG:
        doubts.add("end", primary.row.when.line, "the event lasts longer than a day; write one event per day")
    elif length > USUAL:
        doubts.add("end", primary.row.when.line, _long_day(primary.start.replace(tzinfo=None), length))
    wall_end = primary.start.replace(tzinfo=None) + length
    doubt_clock_change("end", primary.row, wall_end, primary.zone, doubts)
    end = in_zone(wall_end, primary.zone)
    return end if end.astimezone(UTC) > primary.start.astimezone(UTC) else (primary.start.astimezone(UTC) + length)


def _long_day(start: datetime, length: timedelta) -> str:
    """Describe a long event as read, and as it would be with a.m. and p.m. exchanged."""
    taken = f"an event of {_hours(length)} is written: {start:%H:%M} to {start + length:%H:%M} (taken)"
    half = timedelta(minutes=NOON)
    if length <= half:
        return taken
    other = start + half if start.hour == 0 else start  # "12 am" is midnight, and often meant as noon
    return f"{taken}; or {_hours(length - half)}: {other:%H:%M} to {other + length - half:%H:%M}"


def _hours(length: timedelta) -> str:
    hours, minutes = divmod(_minutes(length), 60)
    return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"


def _written_length(row: Row, day: date) -> timedelta | None:
    end = row.local_end(day)
    if end is None:
        return None
    length = end - row.local_start(day)
    return length - timedelta(days=1) if length > timedelta(days=1) and not row.last_day else length


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
