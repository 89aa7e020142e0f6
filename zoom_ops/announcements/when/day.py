"""The lines of an announcement that form its schedule, with the day of each of its times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ...errors import BadInputError
from ..doubts import Doubts
from ..lines import Line
from .dates import FoundDate
from .lines import WhenLine, read_when_lines, read_yearless, speaks_of_other_dates
from .rows import Row, read_rows

EXAMPLE = '"31 January 2023, 14:30-15:45 CET, Geneva time"'


@dataclass(frozen=True, kw_only=True)
class When:
    """The schedule as written: its lines, the rows with their days (`days[n]` belongs to `rows[n]`), a duration."""

    lines: tuple[WhenLine, ...]
    rows: tuple[Row, ...]
    days: tuple[date, ...]
    duration: timedelta | None


def read_when(lines: Sequence[Line], file: str, doubts: Doubts) -> When:
    """Read the rows of the schedule with their days. Raises BadInputError with the line if date or time is missing."""
    chosen, first = _choose(read_when_lines(lines), lines, file)
    rows = _with_ends([row for when in chosen for row in read_rows(when)])
    loose = tuple(zone for when in chosen if not when.times for zone in when.zones if when.label or not when.dates)
    rows = [row if row.zones else replace(row, zones=loose) for row in rows]
    if not rows:
        line = next((when.line.number for when in chosen if when.dates), chosen[0].line.number)
        raise BadInputError(f"expected a time of day with the date, such as {EXAMPLE}", file=file, line=line)
    days = _days(rows, chosen, first)
    _doubt_days(rows, chosen, first, days[0], doubts)
    lengths = [when.duration for when in chosen if when.duration is not None]
    return When(
        lines=tuple(chosen),
        rows=tuple(rows),
        days=days,
        duration=timedelta(minutes=lengths[0]) if lengths else None,
    )


def _choose(every: Sequence[WhenLine], lines: Sequence[Line], file: str) -> tuple[list[WhenLine], FoundDate]:
    """Choose the lines of the schedule; prose counts only if no line is there to give the date."""
    certain = _near_an_anchor([when for when in every if when.is_certain])
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


def _near_an_anchor(certain: list[WhenLine]) -> list[WhenLine]:
    """Drop lines of bare times that are not next to a line with a date or label, as they belong to an agenda."""
    kept: list[WhenLine] = []
    for place, when in enumerate(certain):
        follows = bool(kept) and when.line.number - kept[-1].line.number <= 2
        later = certain[place + 1] if place + 1 < len(certain) else None
        leads = later is not None and bool(later.dates or later.label) and later.line.number - when.line.number <= 2
        if when.dates or when.label or follows or leads:
            kept.append(when)
    return kept


def _with_ends(rows: list[Row]) -> list[Row]:
    """Make the time on a line labelled "End" the end of the row before it."""
    kept: list[Row] = []
    for row in rows:
        if row.when.label == "end" and kept and kept[-1].span.end is None:
            last = kept[-1]
            kept[-1] = replace(last, span=replace(last.span, end=row.span.start))
        else:
            kept.append(row)
    return kept


def _days(rows: Sequence[Row], chosen: Sequence[WhenLine], first: FoundDate) -> tuple[date, ...]:
    days = []
    for row in rows:
        earlier = [when.dates[0] for when in chosen if when.dates and when.line.number < row.when.line.number]
        day = row.day or (earlier[-1] if earlier and any(when.times for when in chosen if when.dates) else first)
        days.append(day.day)
    return tuple(days)


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
