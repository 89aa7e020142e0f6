"""One time written for several zones: "9am EDT / 3pm CEST", or a column for each. All have to be one instant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ...phrases.zones import ZoneMention
from ...zones import as_choice
from ..columns import Column
from .findings import Findings
from .grid import Cell
from .moments import DAY, Moment, read_zone


@dataclass(frozen=True, kw_only=True)
class OtherTime:
    """A start or an end as a cell writes it for another zone, in minutes after midnight."""

    field: str  # start or end
    minutes: int
    zone: ZoneMention
    column: Column
    cell: Cell


def list_other_times(
    found: Findings, cells: Sequence[tuple[Column, Cell, Moment]]
) -> tuple[tuple[OtherTime, ...], frozenset[Column]]:
    """List the times for other zones, in the cells of a time and in columns beside theirs; and these columns."""
    others = [time for column, cell, moment in cells for time in _in_cell(column, cell, moment)]
    beside = list(_in_columns(found))
    return (*others, *beside), frozenset(time.column for time in beside)


def check_other_times(found: Findings, others: Sequence[OtherTime], zone: ZoneInfo) -> None:
    """Hold the start or the end of an event where another zone names another instant."""
    for other in others:
        if other.field not in found.fields:
            continue
        found.compared.add(other.column.index)
        found.read(other.field, other.column, other.cell)
        taken: datetime = found.fields[other.field]
        readings = [_read_there(other, taken, ZoneInfo(name)) for name in other.zone.zones]
        if taken in readings:
            continue
        meant = readings[0]
        reason = (
            f"{other.zone.label} does not fit: {other.minutes // 60:02}:{other.minutes % 60:02} there "
            f"is {as_choice(meant, zone)} in {zone.key}, and {as_choice(taken, zone)} is taken"
        )
        choices = (as_choice(taken, zone), as_choice(meant, zone))
        found.doubt(other.field, reason, (other.column, other.cell), choices=choices)


def _read_there(other: OtherTime, taken: datetime, zone: ZoneInfo) -> datetime:
    """Read a time in its zone, on the day on which it is nearest. An abbreviation that is not in force is an offset."""
    there = taken.astimezone(zone)
    away = (other.minutes - there.hour * 60 - there.minute + DAY // 2) % DAY - DAY // 2
    read = (there.replace(tzinfo=None) + timedelta(minutes=away)).replace(tzinfo=zone)
    offset = None if other.zone.offset is None else timedelta(minutes=other.zone.offset)
    in_force = read.utcoffset()
    return read if offset is None or in_force is None else read + (in_force - offset)


def _in_cell(column: Column, cell: Cell, moment: Moment) -> Iterator[OtherTime]:
    for other in moment.others:
        for field, minutes in (("start", other.start), ("end", other.end)):
            if minutes is not None:
                said = "end" if "end" in (column.field, column.beside) else field
                yield OtherTime(field=said, minutes=minutes, zone=other.zones.zones[0], column=column, cell=cell)


def _in_columns(found: Findings) -> Iterator[OtherTime]:
    """Read a second column of a start or an end whose header names another zone."""
    for column in found.table.columns:
        cell = found.row.cell(column.index)
        zones = read_zone(column.qualifier).zones if column.beside in ("start", "end") and column.qualifier else ()
        if len(zones) != 1 or not cell.text:
            continue
        moment = found.table.moment(replace(column, field=column.beside), cell)
        if moment and not moment.days and not moment.others:
            yield from _in_cell(column, cell, Moment(others=(replace(moment, zones=read_zone(column.qualifier)),)))
