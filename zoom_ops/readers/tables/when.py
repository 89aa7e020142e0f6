"""When the event of a row is: its start, end and zone, and every doubt about them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...events import YEARS
from ...phrases.times import ASSUMED, LONGEST, NO_END, USUAL, lasts_too_long, may_be_a_day
from ...zones import as_choice, doubt_of
from ..columns import Column
from .findings import Findings
from .grid import Cell
from .moments import DAY, Moment, read_duration
from .other_zones import check_other_times, list_other_times
from .zone import choose_zone, read_own_zone

LENGTHS = (60, 30, 90, 120)  # that an event without an end may have, in minutes
_NOON = 12 * 60
_DATE = "no date; expected one such as 2027-04-03 or 3 April 2027"
_TIME = "no time of day; expected one such as 14:30, 2:30 pm or 14:30-15:45"
_DURATION = "no duration; expected one such as 75 min, 1h15 or 1:15"
Read = tuple[Column, Cell, Moment]


def read_schedule(found: Findings, day_above: date | None, said_above: str) -> None:
    """Read start, end and zone of the event of a row into its findings.

    `day_above` is the day of a line above the row or the table, for a row without one, with the words that say so.
    """
    cells = {name: _read(found, name) for name in ("date", "end_date", "start", "end")}
    day_cell = next((read for name in ("date", "start") for read in cells[name] if read[2].days), None)
    time_cell = next((read for name in ("start", "date") for read in cells[name] if read[2].start is not None), None)
    length, own_zone = _length(found), read_own_zone(found)
    days = _days(found, day_cell, day_above, said_above) if day_cell or not found.refused & {"date", "start"} else ()
    if time_cell is None and "start" not in found.refused:
        _refuse_missing(found, "start", _TIME)
    if found.problems or not days or time_cell is None:
        return
    _check_weekdays(found, days[0], cells)
    all_cells = [read for reads in cells.values() for read in reads]
    others, of_zones = list_other_times(found, all_cells)
    _check_other_cells(found, days, time_cell, cells, of_zones)
    starts = _starts(found, days, time_cell, day_cell)
    zone, start, choices = choose_zone(found, own_zone, starts, time_cell[2].instant, all_cells)
    found.fields |= {"start": _checked(found, "start", start, zone), "timezone": zone}
    if len(choices) > 1:
        first, *rest = (f"{choice:%Y-%m-%d %H:%M}" for choice in choices)
        cells_read = [(column, cell) for column, cell, _ in dict.fromkeys(filter(None, (day_cell, time_cell)))]
        reason = f"this may be {first} (taken) or {' or '.join(rest)}"
        found.doubt("start", reason, *cells_read, choices=map(as_choice, choices))
    _read_end(found, start, zone, length, time_cell, cells)
    check_other_times(found, others, ZoneInfo(zone))


def _read(found: Findings, name: str) -> list[Read]:
    """Read the cells of a field; each that cannot be read is a mistake."""
    reads = []
    for column, cell in found.table.cells(found.row, name):
        moment = found.table.moment(column, cell)
        if moment is None or (name.endswith("date") and not (moment.days or moment.weekdays)):
            found.refuse(column, cell, _DATE if name.endswith("date") else _TIME)
            continue
        if moment.days or moment.start is not None:
            reads.append((column, cell, moment))
            found.read(
                name if name in ("start", "end") else name.replace("end_date", "end").replace("date", "start"),
                column,
                cell,
            )
    return reads


def _refuse_missing(found: Findings, what: str, expected: str) -> None:
    column = next((each for field in (what, "date", "start") for each in found.table.named(field)), None)
    if column is None:
        found.refuse_row(f"no column says the {what}")
        return
    written = found.row.cell(column.index)
    advice = expected if written.text else f"{expected.partition('; ')[2]} (if this row is no event, leave it out)"
    found.refuse(column, written, advice)


def _days(found: Findings, read: Read | None, above: date | None, said_above: str) -> tuple[date, ...]:
    if read is None and above is not None:
        if said_above:
            found.doubt("start", f"the row has no date; that {said_above}, {above}, is taken")
        return (above,)
    if read is None:
        _refuse_missing(found, "date", _DATE)
        return ()
    column, cell, moment = read
    for reason in moment.doubts:
        found.doubt("start", reason, (column, cell))
    if not all(YEARS[0] <= day.year <= YEARS[1] for day in moment.days):
        found.refuse(column, cell, f"of another age; expected a year from {YEARS[0]} to {YEARS[1]}")
        return ()
    fitting = tuple(day for day in moment.days if day.weekday() in moment.weekdays)
    days = fitting or moment.days
    if found.table.is_mixed and isinstance(cell.value, date) and cell.value.day <= 12:
        # a spreadsheet of another country makes 4 March of a typed 3/4, and leaves 13/4 as text
        days = tuple(dict.fromkeys((*days, *(day.replace(month=day.day, day=day.month) for day in days))))
    return days


def _check_weekdays(found: Findings, day: date, cells: dict[str, list[Read]]) -> None:
    """Add a doubt if a weekday does not fit, in the cell of the date or in a column of its own."""
    written = [
        (column, cell, moment.weekdays) for read in cells.values() for column, cell, moment in read if moment.days
    ]
    for column, cell in found.table.cells(found.row, "weekday"):
        found.read("start", column, cell)
        moment = found.table.moment(Column(index=column.index, header=column.header, field="date"), cell)
        written.append((column, cell, moment.weekdays if moment else ()))
    for column, cell, weekdays in written:
        if weekdays and day.weekday() not in weekdays and column.field in ("date", "start", "weekday"):
            reason = f"the weekday does not fit: {day.day} {day:%B %Y} is a {day:%A}"
            if not any(reason in note.reason for note in found.notes):
                found.doubt("start", reason, (column, cell))


def _check_other_cells(
    found: Findings,
    days: Sequence[date],
    time_cell: Read,
    cells: dict[str, list[Read]],
    of_zones: frozenset[Column],
) -> None:
    """Add a doubt where another cell says another day or another start; but not in a column for another zone."""
    beside = [
        (replace(column, field=column.beside), found.row.cell(column.index))
        for column in found.table.columns
        if column.beside in ("date", "start") and column not in of_zones and found.row.cell(column.index).text
    ]
    others = [(column, cell, moment) for column, cell in beside if (moment := found.table.moment(column, cell))]
    for column, cell, moment in (*cells["date"], *cells["start"], *others):
        other_day = moment.days and not set(moment.days) & set(days)
        other_time = moment.start not in (None, 0, time_cell[2].start)
        if other_day:
            found.doubt("start", f"column {column.header} says another day: {cell.text[:60]}", (column, cell))
        elif other_time:
            found.doubt("start", f"column {column.header} says another time: {cell.text[:60]}", (column, cell))


def _starts(found: Findings, days: Sequence[date], read: Read, day_read: Read | None) -> list[datetime]:
    """List the local times at which the event may start; the first is taken."""
    column, cell, moment = read
    minutes = moment.start or 0
    halves = [minutes]
    if moment.is_unclear and not found.table.is_24_hours:
        halves.append(minutes + _NOON)
    is_one_cell = day_read is not None and day_read[0] is column
    if (minutes in (0, DAY) and is_one_cell) or minutes == DAY:
        found.doubt("start", "midnight is written; is that the time of day?", (column, cell))
    return [_at(day, minutes) for day in days for minutes in halves]


def _read_end(
    found: Findings, start: datetime, zone: str, length: int | None, time_cell: Read, cells: dict[str, list[Read]]
) -> None:
    """Read the end: as written, else from the duration, else an hour after the start."""
    written = _written_end(found, start, zone, time_cell, cells)
    if written and length and written - start != timedelta(minutes=length):
        other = start + timedelta(minutes=length)
        reason = f"the end and the duration disagree: {written:%H:%M} (taken) or {other:%H:%M}"
        found.doubt("end", reason, choices=(as_choice(written), as_choice(other)))
    end = written or start + (timedelta(minutes=length) if length else ASSUMED)
    if written is None and length is None:
        others = [start + timedelta(minutes=minutes) for minutes in LENGTHS]
        found.doubt("end", NO_END, time_cell[:2], choices=map(as_choice, others))
    elif reason := may_be_a_day(start, end):
        found.doubt("start", reason, time_cell[:2])
    elif end - start > LONGEST:
        found.doubt("end", lasts_too_long(end - start))
    elif end - start > USUAL:
        hours, minutes = divmod((end - start) // timedelta(minutes=1), 60)
        found.doubt("end", f"an event of {hours} h {minutes:02} min is written: {start:%H:%M} to {end:%H:%M}")
    at, began = _checked(found, "end", end, zone), found.fields["start"].astimezone(UTC)
    if at.astimezone(UTC) <= began and end > start:  # the clock change leaves no time between them
        at = (began + (end - start)).astimezone(ZoneInfo(zone))
    if at.astimezone(UTC) <= began:
        column, cell, _ = next((read for name in ("end", "end_date") for read in cells[name]), time_cell)
        found.refuse(column, cell, f"not after the start, {start:%Y-%m-%d %H:%M}")
        return
    found.fields["end"] = at


def _written_end(
    found: Findings, start: datetime, zone: str, time_cell: Read, cells: dict[str, list[Read]]
) -> datetime | None:
    """Build the local end: of its own cell, else of a span such as 14:30-15:45."""
    read = next((each for name in ("end", "end_date") for each in cells[name] if each[2].start is not None), None)
    day_read = next((each for name in ("end_date", "end") for each in cells[name] if each[2].days), None)
    minutes, unclear = (read[2].start, read[2].is_unclear) if read else (time_cell[2].end, False)
    if minutes is None:
        return None
    if read and read[2].instant:
        return read[2].instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if day_read is not None:
        days = [day for day in day_read[2].days if day >= start.date()] or list(day_read[2].days)
        return _at(min(days, key=lambda day: abs(day - start.date())), minutes)
    end = _at(start.date(), minutes)
    if end <= start and unclear and not found.table.is_24_hours and _at(start.date(), minutes + _NOON) > start:
        return _at(start.date(), minutes + _NOON)  # 11:30 to 1:00
    return end if end > start else end + timedelta(days=1)


def _length(found: Findings) -> int | None:
    for column, cell in found.table.cells(found.row, "duration"):
        minutes, doubt = read_duration(cell, column.qualifier or ("min" if "min" in column.header.lower() else ""))
        if minutes is None:
            found.refuse(column, cell, _DURATION)
            return None
        if doubt:
            found.doubt("end", doubt, (column, cell))
        found.read("end", column, cell)
        return minutes
    return None


def _checked(found: Findings, name: str, local: datetime, zone: str) -> datetime:
    """Read a local time in its zone. Add a doubt if the clock change skips it or shows it twice."""
    reason, choices = doubt_of(local, ZoneInfo(zone))
    if reason:
        found.doubt(name, reason, choices=choices)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))


def _at(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - a wall-clock time
