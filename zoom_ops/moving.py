"""Moves an event to another time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .events import DisplayTime, Event


def move_event(event: Event, *, to_date: date) -> Event:
    """Move an event to a date in its own zone. The display rows are computed again with the offsets of that date."""
    zone = ZoneInfo(event.timezone)
    start, end = event.start.astimezone(zone), event.end.astimezone(zone)
    days = to_date - start.date()
    moved_start = datetime.combine(to_date, start.timetz())
    moved_end = datetime.combine(end.date() + days, end.timetz())
    # the clock change of that day may leave no time between them
    if moved_end.astimezone(UTC) <= moved_start.astimezone(UTC):
        moved_end = (moved_start.astimezone(UTC) + (event.end - event.start)).astimezone(zone)
    return set_times(event, moved_start, moved_end)


def set_times(event: Event, start: datetime, end: datetime) -> Event:
    """Give an event another start and end. The display rows are computed again with the offsets of that date."""
    rows = tuple(display_row(row.label, row.timezone, start, end) for row in event.display_times)
    return event.model_copy(update={"start": start, "end": end, "display_times": rows})


def display_row(label: str, timezone: str, start: datetime, end: datetime) -> DisplayTime:
    """Build the row that shows a start and an end in a zone."""
    zone = ZoneInfo(timezone)
    local = (moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") for moment in (start, end))
    return DisplayTime(label=label, timezone=timezone, start=next(local), end=next(local))
