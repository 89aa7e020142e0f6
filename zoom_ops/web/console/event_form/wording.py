"""What the fields of the form and their values are called, in the language of the reader."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ....operations.events.changes import word_changes
from ....planning import FieldChange
from ....zones import list_zones
from ...i18n.language import Language
from .fields import DISPLAY_TIMES, LISTS, SINGLE, Field, Values, count_rows, number_below
from .wall_times import read_times

LABELS = {
    "start-date": "Start, day", "start-time": "Start, time", "start-meant": "Start",
    "end-date": "End, day", "end-time": "End, time", "end-meant": "End",
    "start": "Start", "end": "End", "duration": "Duration", "timezone": "Time zone",
    "id": "Address of its page", "needs_review": "Doubts", "table": "Table", "wishes": "Wishes",
}  # fmt: skip
_BESIDE_PICTURE = re.compile(r"(?<=image)-(file|url)$")
_MOMENTS = ("start", "end", "previous_start")


def label_of(key: str, language: Language) -> str:
    """Return what a field is called: by its name in the form, or by that in the Event, such as `performers.0.name`."""
    parts = _BESIDE_PICTURE.sub("", key.replace(".", "-")).split("-", 2)
    rows = next((each for each in LISTS if each.name == parts[0]), None)
    number = number_below(1_000, parts[1]) if rows is not None and len(parts) > 1 else None
    if rows is not None and number is not None:
        row = language.say(rows.one, number=number + 1)
        inner = next((language.say(each.label) for each in rows.fields if each.name == parts[-1]), "")
        return language.say("%(row)s, %(field)s", row=row, field=inner.lower()) if inner else row
    if rows is not None:
        return language.say(rows.title)
    label = LABELS.get(key) or next((each.label for each in SINGLE if each.name == parts[0]), "")
    return language.say(label) if label else key.replace("_", " ").capitalize()


def name_option(option: str) -> str:
    """Return what a choice of the form is called, in English."""
    return option.replace("_", " ")


def name_column(field: str, language: Language) -> str:
    """Return what a column of a table says: `performers.name` is the full name of the people."""
    name, _, inner = field.partition(".")
    labels = [each.label for rows in LISTS if rows.name == name for each in rows.fields if each.name == inner]
    if not labels:
        return label_of(name, language)
    row, cell = label_of(name, language), language.say(labels[0]).lower()
    return language.say("%(row)s, %(field)s", row=row, field=cell)


def write_moment(text: str, language: Language) -> str:
    """Write a moment in ISO 8601 with the day in words, and with its offset if it has one."""
    moment = datetime.fromisoformat(text)
    hour = f"{moment:%H:%M:%S}".removesuffix(":00")
    return language.join_day(language.write_short_day(moment), f"{hour} {moment.tzname() or ''}".strip())


def list_changes(changes: Iterable[FieldChange], language: Language) -> tuple[FieldChange, ...]:
    """Return changes of a record with the names of the fields and their values as the form says them."""
    return word_changes(
        FieldChange(
            field=label_of(change.field, language),
            old=_name_values(change.field, change.old, language),
            new=_name_values(change.field, change.new, language),
        )
        for change in changes
    )


def list_moments(values: Values, language: Language) -> tuple[tuple[str, str], ...]:
    """List the times of a form in UTC and in the zones that it names, once they can be read."""
    times = read_times(values)
    if times.start is None or times.timezone is None:
        return ()
    end = times.end if times.end and times.end > times.start else times.start
    zones = dict.fromkeys((times.timezone, "UTC", *_zones_shown(values)))
    return tuple((zone, _write_span(times.start, end, zone, language)) for zone in zones)


def _name_values(name: str, value: Any, language: Language) -> Any:
    """Name what a value of a record says; in a list, what each entry says."""
    if name == "needs_review":
        return [label_of(note["field"], language) for note in value or ()]
    rows = next((each for each in LISTS if each.name == name), None)
    if rows is not None:
        return [
            {field.name: _name_cell(field, entry.get(field.name), language) for field in rows.fields}
            for entry in value or ()
        ]
    if name in _MOMENTS and value:
        return write_moment(value, language)
    single = next((each for each in SINGLE if each.name == name), None)
    return _name_cell(single, value, language) if single else value


def _name_cell(field: Field, value: Any, language: Language) -> Any:
    if field.name in _MOMENTS and value:
        return write_moment(value, language)
    if field.kind == "picture" and value:
        text = value.get("alt") or language.say(field.label)
        return f"{text} ({value['digest'][:6]})"
    if field.kind == "mark" or (field.kind == "groups" and value):
        groups = f": {language.write_list(value)}" if field.kind == "groups" else ""
        return f"{language.say(field.label)}{groups}" if value else None
    return language.say(name_option(value)) if value and value in field.options else value


def _zones_shown(values: Values) -> Iterator[str]:
    known = set(list_zones())
    for row in range(count_rows(values, DISPLAY_TIMES)):
        zone = values.get(DISPLAY_TIMES.key(row, "timezone"), "")
        if zone in known:
            yield zone


def _write_span(start: datetime, end: datetime, zone: str, language: Language) -> str:
    begins, ends = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    first, last = f"{begins:%H:%M}", f"{ends:%H:%M}"
    hours = first if start == end else f"{first}–{last}"
    if begins.date() != ends.date():
        day = language.write_short_day(ends)
        hours = language.say("%(first)s – %(day)s, %(last)s", first=first, day=day, last=last)
        if end - start > timedelta(days=1):
            hours = f"{hours} ({language.write_days((ends.date() - begins.date()).days + 1)})"
    return language.join_day(language.write_short_day(begins), hours)
