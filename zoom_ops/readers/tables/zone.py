"""The zone of a row: from its own column, beside the time, in the header or in an offset; several have to agree."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ...phrases.zones import ZoneMention, doubt_of_gmt, require_zone, zone_of_offset
from ...zones import as_choice
from ..columns import Column
from .cells import WhenCell, read_when
from .findings import Findings
from .grid import Cell, Row
from .moments import Moment, read_zone

Mention = tuple[str, tuple[str, ...], int | None]  # label, zones, offset in minutes; a place or "Eastern Time" has none


def read_own_zone(found: Findings) -> list[Mention]:
    """Read the column of the zone."""
    for column, cell in found.table.cells(found.row, "timezone"):
        found.read("timezone", column, cell)
        if "/" in cell.text and "(" not in cell.text:
            try:
                name = require_zone(cell.text).key
                return [(name, (name,), None)]
            except ValueError:
                pass
        read = read_zone(cell.text)
        if read.zones and not read.rest and not read.times and not read.dates:
            return _mentions(read)
        try:
            name = require_zone(cell.text).key
        except ValueError as error:
            found.refuse(column, cell, f"no time zone; {str(error).partition(': ')[2]}")
            return [("UTC", ("UTC",), 0)]
        return [(name, (name,), None)]
    return []


def choose_zone(
    found: Findings,
    own: list[Mention],
    starts: list[datetime],
    instant: datetime | None,
    cells: Sequence[tuple[Column, Cell, Moment]],
) -> tuple[str, datetime, list[datetime]]:
    """Choose the zone of an event. Return it with the local start, and all the local starts that it may have.

    `own` is the zone of its own column, `instant` the start where it is written with its offset.
    """
    near = [*own, *_mentions_near(found, cells)]
    if instant is not None:
        return _of_instant(found, instant, near)
    said = list(found.table.cells(found.row, "timezone")) or [cells[0][:2]]
    if not near:
        return _no_zone(found, said), starts[0], starts
    local = starts[0]
    taken = next((mention for mention in near if mention[2] is None), near[0])
    label, zones, _ = taken
    fitting = [zone for zone in zones if all(_agrees(other, zone, local, own) for other in near if other is not taken)]
    if len(zones) > 1 and len(fitting) != 1:
        means = "; ".join(f"{zone}: {_utc(local, zone)}" for zone in zones)
        found.doubt("timezone", f"{label} may mean several zones, the first is taken: {means}", *said, choices=zones)
        return zones[0], local, starts
    zone = (fitting or zones)[0]
    agreed = {other[1] for other in near if _agrees(other, zone, local, own)}
    for other in near:
        if other[1] not in agreed:  # of "CET/CEST", one is in force
            others = [each for each in other[1] if each != zone] or [zone_of_offset(other[2] or 0)]
            reason = (
                f"{other[0]} does not fit {zone} on {local:%Y-%m-%d}: "
                f"{local:%H:%M} is {_utc(local, zone)} (taken) or {_utc(local, others[0])}"
            )
            found.doubt("timezone", reason, *said, choices=(zone, *others))
    reason, choices = doubt_of_gmt(label, local)
    if reason:
        found.doubt("timezone", reason, *said, choices=choices)
    return zone, local, starts


def _mentions_near(found: Findings, cells: Sequence[tuple[Column, Cell, Moment]]) -> list[Mention]:
    """List the zones beside the times, and those in the headers."""
    mentions = []
    for column, cell, moment in cells:
        if moment.zones.zones:
            found.read("timezone", column, cell)
        mentions.extend(_mentions(moment.zones))
    for column, _, _ in cells:
        said = _mentions(read_zone(column.qualifier)) if column.qualifier else []
        if said and not mentions:
            found.read("timezone", column, Cell(text=column.qualifier))
        mentions.extend(said)
    return mentions


def _mentions(read: WhenCell) -> list[Mention]:
    return [(zone.label, zone.zones, zone.offset) for zone in read.zones]


def _agrees(mention: Mention, zone: str, local: datetime, own: Sequence[Mention]) -> bool:
    """Check whether a mention means the same instant as a zone does at a local time."""
    _, zones, offset = mention
    here = _offset(local, zone)
    if offset is not None and len(zones) == 1:
        if here == timedelta(minutes=offset):  # CET is often written for summer time, so it says little then
            return any(_offset(local, each) == here for each in zones)
        # "(GMT+01:00) Europe/Paris": lists of zones show the offset of winter in summer, too
        listed = mention in own and any(each[2] is None for each in own)
        return listed and _offset(local.replace(month=1, day=1), zone) == timedelta(minutes=offset)
    return any(_offset(local, each) == here for each in zones)


def _of_instant(found: Findings, instant: datetime, near: Sequence[Mention]) -> tuple[str, datetime, list[datetime]]:
    """Choose the zone in which a time with an offset is shown. Another offset than that of the zone is a doubt."""
    offset = instant.utcoffset() or timedelta()
    minutes = offset // timedelta(minutes=1)
    named, written = zone_of_offset(minutes), _offset_text(minutes)
    if not near:
        here = instant.astimezone(ZoneInfo(named)).replace(tzinfo=None)
        if minutes and named == "UTC":
            found.doubt("timezone", f"no zone has the offset {written}; UTC is taken")
        return named, here, [here]
    zone = near[0][1][0]
    here = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if len(near[0][1]) > 1:
        found.doubt("timezone", f"{near[0][0]} may mean several zones, the first is taken", choices=near[0][1])
    if minutes and _offset(here, zone) != offset:
        reason = f"the offset {written} is not that of {zone} on {here:%Y-%m-%d}; the offset is taken"
        found.doubt("start", reason, choices=(as_choice(here), as_choice(instant)))
    return zone, here, [here]


def _no_zone(found: Findings, said: Sequence[tuple[Column, Cell]]) -> str:
    above = {each.zone: each.label for row in found.table.above for each in _zones_above(row)}
    if len(above) == 1:
        ((zone, label),) = above.items()
        found.doubt(
            "timezone", f"the row has no time zone; {label}, of a line above the table, is taken", choices=(zone, "UTC")
        )
        return zone
    for column, cell in found.table.cells(found.row, "venue"):
        places = list(dict.fromkeys(each.zone for each in read_when(cell.text[:400]).zones if each.is_place))
        if len(places) == 1:
            reason = f"no time zone is written; that of the venue, {places[0]}, is taken"
            found.doubt("timezone", reason, (column, cell), choices=(places[0], "UTC"))
            return places[0]
    found.doubt("timezone", "no time zone is written; UTC is taken", *said)
    return "UTC"


def _zones_above(row: Row) -> tuple[ZoneMention, ...]:
    return read_zone(next((cell.text for cell in row.cells if cell.text), "")[:400]).zones


def _offset_text(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _offset(local: datetime, zone: str) -> timedelta | None:
    return local.replace(tzinfo=ZoneInfo(zone)).utcoffset()


def _utc(local: datetime, zone: str) -> str:
    return f"{local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
