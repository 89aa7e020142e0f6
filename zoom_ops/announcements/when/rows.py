"""The schedule as written: the lines that form it, and its times, a row for each, with its day and zones."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

from ...errors import BadInputError
from ...phrases.changes import tells_start
from ...phrases.dates import FoundDate, in_year, spoken_day, weekday_spans
from ...phrases.times import LONGEST, TimeSpan, is_joint
from ...phrases.zones import ZoneMention
from ...zones import as_choice
from ..doubts import Doubts
from ..lines import Line
from .lines import CHARACTERS_LOOKED_AT, WhenLine, read_when_lines

EXAMPLE = '"31 January 2023, 14:30-15:45 CET, Geneva time"'
_PAST = timedelta(days=90)  # a date may be over when its text is read
_SOON = timedelta(days=300)  # a letter asks for an event of the next months
_YEAR = re.compile(r"(?<![\w-])20\d\d(?!\w)")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What is known of the lines before they are read: the numbers of the head, of what is asked, and two days."""

    head: Collection[int]
    asked: Collection[int] = ()
    sent: date | None = None
    today: date | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A time as written, with its line, day and zones; the day is `own` if it stands with the time."""

    when: WhenLine
    day: date
    own: bool
    span: TimeSpan
    zones: tuple[ZoneMention, ...]

    @property
    def start(self) -> datetime:
        """The wall-clock time of the start."""
        return at(self.day, self.span.start)

    @property
    def length(self) -> timedelta | None:
        """The time from start to end; an end before the start is on the next day."""
        return None if self.span.end is None else timedelta(minutes=(self.span.end - self.span.start) % 1440 or 1440)

    @property
    def place(self) -> ZoneMention | None:
        """The zone of the row: a city before a name, then a zone that is in force on that day, a bare offset last."""
        order = ((not each.is_place, not each.is_true(each.zone, self.start), each.is_bare) for each in self.zones)
        return min(zip(order, self.zones, strict=True), key=lambda pair: pair[0])[1] if self.zones else None


@dataclass(frozen=True, kw_only=True)
class When:
    """The schedule as written: its lines, its rows, a duration."""

    lines: tuple[WhenLine, ...]
    rows: tuple[Row, ...]
    duration: timedelta | None


def at(day: date, minutes: int) -> datetime:
    """Build the wall-clock time that many minutes after the midnight of a day."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - a wall-clock time


def in_zone(local: datetime, zone: str) -> datetime:
    """Read a wall-clock time in a zone."""
    return local.replace(tzinfo=ZoneInfo(zone))


def read_when(lines: Sequence[Line], frame: Frame, file: str, doubts: Doubts) -> When:
    """Read the rows of the schedule. Raises BadInputError with the line if date or time is missing."""
    every = read_when_lines(lines, frame.head, frame.asked)
    chosen, first = _choose(every, lines, frame, file, doubts)
    chosen = [_in_year_of(when, first.day.year) for when in chosen]
    loose = tuple(zone for when in chosen if not when.times for zone in when.zones)
    rows: list[Row] = []
    day = first.day
    for when in chosen:
        for span, found, zones in _times(when):
            if rows and rows[-1].span.end is None and (when.label == "end" or _ends(when, rows[-1], span, found)):
                rows[-1] = replace(rows[-1], span=replace(rows[-1].span, end=span.start))
                continue
            day = found.day if found else day
            rows.append(Row(when=when, day=day, own=bool(found), span=span, zones=zones or loose))
    if not rows:
        line = next((when.line.number for when in chosen if when.dates), chosen[0].line.number)
        raise BadInputError(f"expected a time of day with the date, such as {EXAMPLE}", file=file, line=line)
    _doubt_days(rows, chosen, first, doubts)
    _doubt_other_days(rows, chosen, every, doubts)
    length = next((timedelta(minutes=when.duration) for when in chosen if when.duration is not None), None)
    return When(lines=tuple(chosen), rows=tuple(rows), duration=length)


def _ends(when: WhenLine, row: Row, span: TimeSpan, found: FoundDate | None) -> bool:
    """Check whether a time with its date ends the row before: "31 January 22:00 – 1 February 01:00"."""
    if row.when is not when or not found or not is_joint(when.text[row.span.stop : found.begin]):
        return False
    return timedelta() < at(found.day, span.start) - row.start <= LONGEST


def _choose(
    every: Sequence[WhenLine], lines: Sequence[Line], frame: Frame, file: str, doubts: Doubts
) -> tuple[list[WhenLine], FoundDate]:
    """Choose the lines of the schedule and the day: from the head, else from a sentence, with a doubt."""
    certain = _certain(every)
    dated = [when for when in certain if when.dates]
    if not dated:
        mentions = [when for when in every if when.dates and not when.speaks_of_other_dates]
        mentions.sort(key=lambda when: (not _day(when), not when.times))  # stable
        if not mentions:
            _refuse(every, lines, file)
        dated = mentions[:1]
        doubts.add("start", dated[0].line, "the date is taken from a sentence, or from below the head of the text")
        certain = sorted([*certain, *dated], key=lambda each: each.line.number)
    with_year = sorted((when for when in dated if _day(when)), key=lambda when: not when.times)
    if with_year and (day := _day(with_year[0])):
        return certain, day
    first = next((when for when in dated if when.times), dated[0])
    return certain, _add_year(first, [line for line in lines if line.number in frame.head][:15], frame, file)


def _day(when: WhenLine) -> FoundDate | None:
    return next((found for found in when.dates if found.has_year), None)


def _certain(every: Sequence[WhenLine]) -> list[WhenLine]:
    """List the lines that are there to give date or time; bare times away from such a line belong to an agenda."""
    sure = [when for when in every if when.is_certain]
    kept: list[WhenLine] = []
    for when, later in zip(sure, [*sure[1:], None], strict=False):
        follows = bool(kept) and when.line.number - kept[-1].line.number <= 2
        leads = later and (later.dates or later.label) and later.line.number - when.line.number <= 2
        if when.dates or when.label or follows or leads:
            kept.append(when)
    return kept


def _add_year(when: WhenLine, head: Sequence[Line], frame: Frame, file: str) -> FoundDate:
    """Read a date without a year in the years that the head has elsewhere, with a doubt; else as the next such day.

    The next one after the letter was sent, or after the day on which the text is read; refuse the date if neither is
    known.
    """
    years = dict.fromkeys(int(year) for line in head for year in _YEAR.findall(line.text[:CHARACTERS_LOOKED_AT]))
    years |= {year + 1: None for year in years}  # of an announcement in autumn
    read = [day for year in years if (day := in_year(when.dates[0], year, when.text))]
    if (frame.sent or not read) and (next_one := next_day(when.dates[0], when.text, frame)):
        return next_one
    if not read:
        message = f"the date has no year; expected one such as {EXAMPLE}"
        raise BadInputError(message, file=file, line=when.line.number)
    doubt = f"no year is written with the date; {read[0].day.year} is taken from the announcement's head"
    others = tuple(day.day for day in read[1:])
    return replace(read[0], doubts=(doubt, *read[0].doubts), others=(*others, *read[0].others))


def next_day(found: FoundDate, text: str, frame: Frame) -> FoundDate | None:
    """Read a date without a year as the next such day; without a doubt if a weekday in a letter confirms it."""
    since = frame.sent or frame.today
    if since is None:
        return None
    weekday = bool(weekday_spans(text))
    years = range(since.year - 1, since.year + 3)
    read = [day for year in years if (day := in_year(found, year, text))]
    ahead = [day for day in read if day.day >= since]
    fitting = [day for day in ahead if not day.doubts] or ahead
    if not fitting:
        return None
    first = fitting[0]
    if frame.sent and weekday and not first.doubts and first.day - since < _SOON:
        return first
    doubt = f"no year is written with the date; the next such day from today, {spoken_day(since)}, is taken"
    if frame.sent:
        doubt = f"no year is written with the date; the next such day after the e-mail of {spoken_day(since)} is taken"
    past = 2 * _SOON if first.doubts else _PAST  # a weekday that fits no coming year may be of one that is over
    near = [day.day for day in read if not day.doubts and since - past < day.day < since + 2 * _SOON]
    others = tuple(day for day in near if day != first.day)
    return replace(first, doubts=(doubt, *first.doubts), others=(*others, *first.others))


def _in_year_of(when: WhenLine, year: int) -> WhenLine:
    read = (found if found.has_year else in_year(found, year, when.text) for found in when.dates)
    return replace(when, dates=tuple(found for found in read if found))


def _refuse(every: Sequence[WhenLine], lines: Sequence[Line], file: str) -> NoReturn:
    timed = next((when.line.number for when in every if when.times or when.label == "date"), None)
    if timed is not None:
        message = f"no date that exists can be read here; expected a line such as {EXAMPLE}"
        raise BadInputError(message, file=file, line=timed)
    line = next((line.number for line in lines if line.text), 1)
    raise BadInputError(f"no line says when the event is; expected one such as {EXAMPLE}", file=file, line=line)


def _times(when: WhenLine) -> list[tuple[TimeSpan, FoundDate | None, tuple[ZoneMention, ...]]]:
    """List the times of a line, each with its date and zones; a time without a zone has that of a neighbour."""
    times: list[TimeSpan] = []
    for span in when.times:
        inside = [mention.zones for mention in when.zones if span.begin < mention.begin < span.stop]
        behind = [mention.zones for mention in when.zones if span.stop <= mention.begin <= span.stop + 4]
        dated = any(span.begin < found.begin < span.stop for found in when.dates)
        two = dated or (inside and behind and inside[0] != behind[0])  # "08:30 New York - 14:30 Geneva" is no span
        times.extend(span.parts if span.parts and two else [span])
    zones: list[list[ZoneMention]] = [[] for _ in times]
    for mention in when.zones if times else ():
        zones[_time_of(when.text, mention, times, when.zones)].append(mention)
    for place in (*range(len(times) - 2, -1, -1), *range(1, len(times))):  # "10:00-12:00 and 14:00-16:00 CET"
        zones[place] = zones[place] or zones[place + 1 if place + 1 < len(times) and zones[place + 1] else place - 1]
    found = []
    for place, span in enumerate(times):
        before = [date for date in when.dates if date.begin < span.begin] or list(when.dates[:1])
        after = times[place - 1].begin if place else -1
        own = before[-1] if before and before[-1].begin > after else None
        found.append((span, own, tuple(zones[place])))
    return found


def _time_of(text: str, mention: ZoneMention, times: Sequence[TimeSpan], zones: Sequence[ZoneMention]) -> int:
    """Find the time that a zone belongs to: on its side of a slash, bar or semicolon, else as the first zone stands."""
    before = [place for place, span in enumerate(times) if span.begin <= mention.begin]
    after = [place for place, span in enumerate(times) if span.begin > mention.begin]
    if not before or not after:
        return before[-1] if before else after[0]
    gap_before = text[times[before[-1]].stop : mention.begin]
    gap_after = text[mention.end : times[after[0]].begin]
    parted_before, parted_after = (bool(set("/|;") & set(gap)) for gap in (gap_before, gap_after))
    if parted_before != parted_after:
        return after[0] if parted_before else before[-1]
    leads = zones[0].begin < times[0].begin and gap_before.strip(" (") != ""
    return after[0] if leads or gap_after.lstrip(" )").startswith((":", "=")) else before[-1]


def _doubt_days(rows: Sequence[Row], chosen: Sequence[WhenLine], first: FoundDate, doubts: Doubts) -> None:
    row, day = rows[0], rows[0].day
    source = next((when for when in chosen if any(found.day == day for found in when.dates)), row.when)
    here = [found for found in source.dates if found.day == day]
    for each in {found.begin: found for found in (*here, *([first] if first.day == day else []))}.values():
        for doubt in each.doubts:
            doubts.add("start", source.line, doubt, _starts(row, (day, *each.others)))
    last = here[0].last if here else first.last
    ends_next_day = row.span.end is not None and row.span.end <= row.span.start
    if last and not (ends_next_day and (last - day).days == 1):
        reason = f"several days are announced, {day} to {last}; the first is taken, write one event per day"
        doubts.add("start", source.line, reason, _starts(row, (day, last)))


def _doubt_other_days(
    rows: Sequence[Row], chosen: Sequence[WhenLine], every: Sequence[WhenLine], doubts: Doubts
) -> None:
    """Doubt the start where another day is written, but for that of a deadline and those of earlier years."""
    row, day = rows[0], rows[0].day
    of_rows = {(each.when.line.number, each.day) for each in rows}
    of_rows |= {(each.when.line.number, (each.start + each.length).date()) for each in rows if each.length}
    numbers, told = {when.line.number for when in chosen}, {day, *(each.day for each in rows)}
    starts = {each.span.start % 720 for each in rows}
    for when in every:
        tells = when.line.number not in numbers and not when.speaks_of_other_dates and tells_start(when.text)
        at_start = (span.start % 720 in starts or not span.begin for span in when.times)
        if tells and when.times and not any(at_start):
            local, taken = at(day, when.times[0].start), f"the first, {row.start:%Y-%m-%d %H:%M}, was taken"
            doubts.add("start", when.line, f"another time is announced: {local:%Y-%m-%d %H:%M}; {taken}")
    others = (_in_year_of(when, day.year) for when in every if when.line.number not in numbers)
    for when in (*chosen, *others):
        if when.line.number not in numbers and when.speaks_of_other_dates:
            continue
        for other in when.dates:
            is_old = when.line.number not in numbers and (other.day in told or other.day.year < day.year)
            if other.day != day and not is_old and (when.line.number, other.day) not in of_rows:
                reason = f"another date is announced, {other.day}; {day} is taken"
                doubts.add("start", when.line, reason, _starts(row, (day, other.day)))


def _starts(row: Row, days: Iterable[date]) -> tuple[str, ...]:
    choices = tuple(dict.fromkeys(as_choice(at(day, row.span.start)) for day in days))
    return choices if len(choices) > 1 else ()
