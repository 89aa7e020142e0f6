"""An event → what stands in the form."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ....events import Event
from ....zones import instants_of
from .fields import DISPLAY_TIMES, LISTS, ORIGIN, SINGLE, Rows, Values, count_rows


def fill_form(event: Event) -> Values:
    """Return what stands in the form of an event."""
    image = event.image
    document = event.to_json() | {"image_alt": image and image.alt, "image_decorative": bool(image and not image.alt)}
    values: Values = {"id": event.id}
    for field in SINGLE:
        values[field.name] = _write(document[field.name]) if _is_chosen(event, field.name) else ""
    values |= fill_times(event)
    for rows in LISTS:
        for number, entry in enumerate(document[rows.name]):
            values |= fill_row(rows, number, entry)
    for number, row in enumerate(event.display_times):
        values[DISPLAY_TIMES.key(number, "of")] = sign_times(event.start, event.end, row.timezone)
    return values


def fill_copy(event: Event) -> Values:
    """Return what stands in the form of an event like this one, without its id, day, doubts and recordings."""
    entries = tuple(
        entry.model_copy(update={"state": "expected", "url": None, "size": None, "dated": None})
        if entry.kind == "recording"
        else entry
        for entry in event.attachments
        if entry.kind != "transcript"
    )
    like = event.model_copy(update={"attachments": entries, "status": "scheduled", "previous_start": None})
    values = fill_form(like) | {"visibility": ""}
    minutes = round((event.end - event.start).total_seconds() / 60)
    cleared = dict.fromkeys(("id", "start-date", "start-meant", "end-date", "end-time", "end-meant"), "")
    return values | cleared | {"duration": f"{minutes}m"}


def fill_times(event: Event) -> Values:
    """Return the local times of an event as they stand in the form."""
    return {"timezone": event.timezone, "duration": ""} | {
        f"{name}-{part}": text
        for name, moment in (("start", event.start), ("end", event.end))
        for part, text in _local_parts(moment, event.timezone)
    }


def fill_row(rows: Rows, number: int, entry: dict[str, Any]) -> Values:
    """Return what stands in a row of a list."""
    filled = {rows.key(number, field.name): _write(entry.get(field.name)) for field in rows.fields}
    return filled | {rows.key(number, ORIGIN): str(number)}


def sign_times(start: datetime, end: datetime, timezone: str) -> str:
    """Return a text that tells whether a row of display times still shows the same times in the same zone."""
    return f"{start.timestamp():.0f}/{end.timestamp():.0f}/{timezone}"


def empty_form(timezone: str = "") -> Values:
    """Return what stands in the form of a new event."""
    values = {field.name: field.default for field in SINGLE} | {"id": "", "timezone": timezone}
    return add_row(add_row(values, LISTS[0]), LISTS[0])


def add_row(values: Values, rows: Rows) -> Values:
    """Return the values with one more row of a list."""
    number = count_rows(values, rows)
    return values | {rows.key(number, field.name): field.default for field in rows.fields}


def _is_chosen(event: Event, field: str) -> bool:
    """Return whether somebody chose the value of a field. While an event is in doubt, its doubts make it a draft."""
    return field != "visibility" or (field in event.model_fields_set and not event.blocking_notes())


def _local_parts(moment: datetime, timezone: str) -> Iterator[tuple[str, str]]:
    local = moment.astimezone(ZoneInfo(timezone))
    naive = local.replace(tzinfo=None, fold=0)
    yield "date", f"{naive:%Y-%m-%d}"
    yield "time", f"{naive:%H:%M:%S}" if naive.second else f"{naive:%H:%M}"
    yield "meant", local.isoformat(timespec="seconds") if len(instants_of(naive, ZoneInfo(timezone))) > 1 else ""


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, dict):  # a picture
        return str(value["digest"])
    return "" if value is None else str(value)
