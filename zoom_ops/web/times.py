"""When an event takes place, in words: in its own zone and in those that its announcement names."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ..events import Event

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905


@dataclass(frozen=True, kw_only=True)
class TimeRow:
    """The time of an event in one zone; `day` is empty where the row above it says the same."""

    label: str
    timezone: str
    day: str
    hours: str


def list_times(event: Event) -> tuple[TimeRow, ...]:
    """List the event's time in its own zone, then in the others it was announced in, reckoned from the instant."""
    zones = [(row.label, row.timezone) for row in event.display_times]
    if event.timezone not in {zone for _, zone in zones}:
        zones.insert(0, (name_zone(event.timezone), event.timezone))
    rows: list[TimeRow] = []
    for label, zone in zones:
        day, hours = write_span(event.start, event.end, zone)
        same = bool(rows) and write_span(event.start, event.end, rows[0].timezone)[0] == day
        rows.append(TimeRow(label=label or name_zone(zone), timezone=zone, day="" if same else day, hours=hours))
    return tuple(rows)


def write_span(start: datetime, end: datetime, zone: str) -> tuple[str, str]:
    """Write from when to when: the day, and the hours with the zone's abbreviation."""
    begins, ends = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    first, last = f"{begins:%H:%M}", f"{ends:%H:%M} {_abbreviation(ends)}"
    if _abbreviation(begins) != _abbreviation(ends):  # the clocks change meanwhile
        first += f" {_abbreviation(begins)}"
    if begins.date() != ends.date():
        return write_day(begins), f"{first} – {write_day(ends)}, {last}"
    return write_day(begins), f"{first}–{last}"


def write_moment(moment: datetime, zone: str) -> str:
    """Write a moment: day, time and the zone's abbreviation."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{write_day(local)}, {local:%H:%M} {_abbreviation(local)}"


def write_day(day: datetime) -> str:
    """Write a day as in "Tuesday 31 January 2023"."""
    return f"{_DAYS[day.weekday()]} {write_date(day)}"


def write_date(day: datetime) -> str:
    """Write a date as in "31 January 2023"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_month(day: datetime) -> str:
    """Write the month of a day as in "Jan"."""
    return _MONTHS[day.month - 1][:3]


def write_duration(minutes: int) -> str:
    """Write a duration as in "1 h 15 min"."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def name_zone(zone: str) -> str:
    """Name a zone after its city, as in "New York time"."""
    area, _, city = zone.rpartition("/")
    return f"{city.replace('_', ' ')} time" if area and area != "Etc" else zone


def _abbreviation(local: datetime) -> str:
    """Write the zone's abbreviation where it has one, otherwise its distance from UTC."""
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.strftime("%z")
    minutes = "" if offset[3:5] == "00" else f":{offset[3:5]}"
    return f"UTC{offset[0].replace('-', '−')}{int(offset[1:3])}{minutes}"
