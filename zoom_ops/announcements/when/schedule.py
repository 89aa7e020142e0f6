"""The schedule of an event: start, end, zone and rows for display."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from ...events import DisplayTime
from ...moving import display_row
from ...phrases.times import ASSUMED, DAY, NO_END, QUARTER, USUAL
from ...phrases.zones import ZoneMention, doubt_of_gmt, find_zones, likely_zones, zone_of_offset
from ...zones import as_choice, doubt_of, instants_of
from ..doubts import Doubts, spoken
from ..lines import Line
from .lines import WhenLine
from .rows import Frame, Row, When, in_zone, read_when

MINUTE = timedelta(minutes=1)
HALF = timedelta(hours=12)
PROSE = 40  # number of letters besides date and time


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The schedule with its lines; `first` is the line of its main row."""

    start: datetime
    end: datetime
    timezone: str
    display_times: tuple[DisplayTime, ...]
    lines: tuple[WhenLine, ...]
    first: WhenLine

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of the lines."""
        return frozenset(when.line.number for when in self.lines)

    @property
    def prose(self) -> tuple[Line, ...]:
        """The lines with more text than the time, for the description too."""
        mentions = (when for when in self.lines if when.letters > PROSE or not when.is_certain)
        return tuple(when.line for when in mentions if not (when.label or when.asked))


@dataclass(frozen=True, kw_only=True)
class _Zoned:
    """A row in one of the zones that it may be in, with the label of that zone."""

    row: Row
    zone: str
    label: str

    def starts(self) -> list[datetime]:
        """List the instants that it may start at: without a.m. or p.m. also in the afternoon."""
        halves = (timedelta(), HALF) if self.row.span.half_unclear else (timedelta(),)
        return [in_zone(self.row.start + half, self.zone).astimezone(UTC) for half in halves]

    def may_start(self, moment: datetime) -> bool:
        """Check whether it may start at an instant. A day that comes from another row or zone may be off by one."""
        days = (0,) if self.row.own else (-1, 0, 1)
        return any(abs(start - moment) == timedelta(days=abs(day)) for start in self.starts() for day in days)


def read_schedule(lines: Sequence[Line], frame: Frame, venue: str, file: str, doubts: Doubts) -> Schedule:
    """Read the schedule and add its doubts. Raises BadInputError with the line if date or time is missing."""
    when = read_when(lines, frame, file, doubts)
    first, start = _first(when, venue, "\n".join(line.text for line in lines), doubts)
    agreeing = _agreeing(when, first, start, doubts)
    end = _end(when, first, start, agreeing, doubts)
    shown = {each.zone: each.label for each in reversed([first, *agreeing])}  # the first label of a zone counts
    zones = dict.fromkeys(each.zone for each in (first, *agreeing))
    return Schedule(
        start=start,
        end=end,
        timezone=first.zone,
        display_times=tuple(display_row(shown[zone], zone, start, end) for zone in zones),
        lines=when.lines,
        first=first.row.when,
    )


def _zoned(row: Row) -> list[_Zoned]:
    place = row.place
    return [_Zoned(row=row, zone=zone, label=place.label) for zone in place.zones] if place else []


def _first(when: When, venue: str, text: str, doubts: Doubts) -> tuple[_Zoned, datetime]:
    """Choose zone and start of the first row. Other rows settle what it may mean; else the likeliest is taken."""
    row, line = when.rows[0], when.rows[0].when.line
    others = [each for other in when.rows[1:] for each in _zoned(other)[:1]]
    options = _zoned(row) or [_default_zone(row, venue, text, doubts)]
    pairs = [(option, start) for option in options for start in option.starts()]
    agree = [pair for pair in pairs if any(other.may_start(pair[1]) for other in others)]
    first, start = agree[0] if len(agree) == 1 else pairs[0]
    if len(agree) != 1 and len(options) > 1:
        means = "; ".join(f"{each.zone}: {spoken(each.starts()[0])}" for each in options)
        reason = f"{first.label} may mean several zones, the first is taken: {means}"
        doubts.add("timezone", line, reason, tuple(each.zone for each in options))
    if len(agree) != 1 and row.span.half_unclear:
        afternoon = row.start + HALF
        reason = f"neither a.m. nor p.m. is written: {row.start:%H:%M} (taken) or {afternoon:%H:%M}"
        doubts.add("start", line, reason, (as_choice(row.start), as_choice(afternoon)))
    if row.span.start % DAY == 0 and row.span.end is None:
        days = (row.start, row.start + timedelta(days=1))
        doubts.add("start", line, "midnight may begin or end this day", tuple(map(as_choice, days)))
    local = start.astimezone(ZoneInfo(first.zone))
    if not instants_of(row.start, ZoneInfo(first.zone)):
        local = in_zone(row.start, first.zone)
    _doubt_other_places(first, local, find_zones(venue[:400]), doubts)
    _doubt_offset(first, local.replace(tzinfo=None), doubts)
    reason, choices = doubt_of_gmt(first.label, local.replace(tzinfo=None), likely_zones(text))
    if reason and not agree:
        doubts.add("timezone", line, reason, choices)
    _doubt_clock_change("start", line, local.replace(tzinfo=None), first.zone, doubts)
    return first, local


def _default_zone(row: Row, venue: str, text: str, doubts: Doubts) -> _Zoned:
    """Take the zone of the venue, else UTC; without "local time", both with a doubt."""
    places = {mention.zones[0]: mention.label for mention in find_zones(venue[:400]) if mention.is_place}
    zone, label = next(iter(places.items())) if len(places) == 1 else ("UTC", "UTC")
    choices = tuple(dict.fromkeys((zone, *places, *likely_zones(text), "UTC")))
    if label != "UTC" and "local" not in row.when.text.casefold():
        reason = f"no time zone is written; {label}, of the venue, is taken"
        doubts.add("timezone", row.when.line, reason, choices)
    elif label == "UTC":
        doubts.add("timezone", row.when.line, "no time zone is written; UTC is taken", choices)
    return _Zoned(row=row, zone=zone, label=label)


def _doubt_other_places(first: _Zoned, here: datetime, venue: Sequence[ZoneMention], doubts: Doubts) -> None:
    """Add a doubt if one time has two places whose clocks differ, or an offset that is not the venue's."""
    local, is_bare = here.replace(tzinfo=None), all(zone.is_bare for zone in first.row.zones)
    for other in (*first.row.zones, *(venue if is_bare and first.row.zones else ())):
        there = in_zone(local, other.zone)
        if other.is_place and there.utcoffset() != here.utcoffset():
            reason = (
                f"two zones are named for one time: {local:%H:%M} {first.label} is {spoken(here)} (taken), "
                f"{local:%H:%M} {other.label} is {spoken(there)}"
            )
            doubts.add("timezone", first.row.when.line, reason, (first.zone, other.zone))


def _doubt_offset(zoned: _Zoned, local: datetime, doubts: Doubts) -> None:
    """Add a doubt, with both readings, if no offset that is written is that of the zone on that day."""
    claims = [mention for mention in zoned.row.zones if mention.offset is not None]
    if (
        not claims
        or len(claims[0].zones) > 1
        or any(zoned.zone in claim.zones[1:] or claim.is_true(zoned.zone, local) for claim in claims)
    ):
        return
    offset = claims[0].offset or 0
    by_claim = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    reason = (
        f"{claims[0].label} is not in force in {zoned.zone} on {local:%Y-%m-%d}: {local:%H:%M} by the clock there is "
        f"{spoken(in_zone(local, zoned.zone))} (taken), by {claims[0].label} it is {spoken(by_claim)}"
    )
    choices = dict.fromkeys((zoned.zone, zone_of_offset(offset)))
    doubts.add("timezone", zoned.row.when.line, reason, tuple(choices) if len(choices) > 1 else ())


def _doubt_clock_change(name: str, line: Line, local: datetime, zone: str, doubts: Doubts) -> None:
    """Add a doubt if the clock change of the zone skips or repeats a wall-clock time."""
    reason, choices = doubt_of(local, ZoneInfo(zone))
    if reason:
        doubts.add(name, line, reason, choices)


def _agreeing(when: When, first: _Zoned, start: datetime, doubts: Doubts) -> list[_Zoned]:
    """List the rows of the same instant in another zone; add a doubt for each other row."""
    agreeing = []
    for row in when.rows[1:]:
        options = _zoned(row) or [_Zoned(row=row, zone=first.zone, label=first.label)]
        same = [option for option in options if option.may_start(start.astimezone(UTC))]
        if same and row.zones:
            _doubt_offset(same[0], start.astimezone(ZoneInfo(same[0].zone)).replace(tzinfo=None), doubts)
            agreeing.append(same[0])
        if same:
            continue
        other, local = in_zone(row.start, options[0].zone), row.start
        if options[0].zone == first.zone or abs(other - start) > timedelta(hours=30):
            taken = f"the first, {start:%Y-%m-%d %H:%M}, was taken"
            reason = f"another time is announced: {local:%Y-%m-%d %H:%M}; {taken}"
            if local.date() != start.date():
                reason = f"another date is announced: {local:%Y-%m-%d %H:%M}; {taken}"
        else:
            taken = f"{start:%H:%M} {first.label} is {spoken(start)} (taken)"
            reason = f"the zones disagree: {taken}, {local:%H:%M} {options[0].label} is {spoken(other)}"
        doubts.add("start", row.when.line, reason, (as_choice(start), as_choice(other, ZoneInfo(first.zone))))
    return agreeing


def _end(when: When, first: _Zoned, start: datetime, agreeing: list[_Zoned], doubts: Doubts) -> datetime:
    """Choose the end: as written, else from the row of another zone, else from the duration, else after one hour."""
    length, local, line = first.row.length, start.replace(tzinfo=None), first.row.when.line

    def doubt(source: Line, reason: str, *lengths: timedelta) -> None:
        doubts.add(
            "end", source, reason, tuple(as_choice(local + each) for each in lengths) if len(lengths) > 1 else ()
        )

    for other in agreeing:
        if length and other.row.length and other.row.length != length:
            taken = f"{length // MINUTE} minutes by the first zone (taken)"
            reason = f"the ends disagree: {taken}, {other.row.length // MINUTE} by {other.label}"
            doubt(other.row.when.line, reason, length, other.row.length)
        length = length or other.row.length
    if length and first.row.span.ends_early:
        reason = "“c.t.” is written: the event begins a quarter of an hour later, and may end as much earlier"
        doubt(line, reason, length, length - QUARTER * MINUTE)
    if length and when.duration and length != when.duration:
        reason = f"times and duration disagree: {length // MINUTE} minutes (taken) or {when.duration // MINUTE}"
        doubt(line, reason, length, when.duration)
    length = length or when.duration
    if length is None:
        length = ASSUMED
        doubt(line, NO_END, *(ASSUMED * part for part in (1, 1.5, 2)))
    if length > USUAL:
        reason = f"an event of {_hours(length)} is written: {local:%H:%M} to {local + length:%H:%M} (taken)"
        if length > HALF:  # as it would be with a.m. and p.m. exchanged
            begins = local + HALF if local.hour == 0 else local  # "12 am" is midnight, and often meant as noon
            reason += f"; or {_hours(length - HALF)}: {begins:%H:%M} to {begins + length - HALF:%H:%M}"
        doubt(line, reason, length, *([length - HALF] if length > HALF else []))
    _doubt_clock_change("end", line, local + length, first.zone, doubts)
    end = in_zone(local + length, first.zone)
    return end if end.astimezone(UTC) > start.astimezone(UTC) else start.astimezone(UTC) + length


def _hours(length: timedelta) -> str:
    hours, minutes = divmod(length // MINUTE, 60)
    return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
