"""What stands in the form → the event, or a sentence for each field that cannot be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ....events import Event, ReviewNote, make_slug
from ....events.maxima import find_beyond
from ....explain import explain_error
from ....moving import display_row
from ....zones import find_zone_or_city
from .fields import ATTACHMENTS, DISPLAY_TIMES, LISTS, SINGLE, Field, Rows, Values, count_rows, is_text
from .filling import sign_times
from .wall_times import Times, read_times

SENTENCES = {
    "email": "This is no e-mail address: expected one such as ada@example.org.",
    "language": "Expected the code of a language, such as en, fr or zh-Hant.",
    "id": "Expected small letters, digits and dashes, at most 100, such as summer-school-2027.",
    "size": "Expected a number of bytes, such as 120000.",
    "dated": "Expected a day such as 2027-04-03.",
    "previous_start": "Expected a time with its offset, such as 2027-04-03T14:30:00+02:00.",
    "groups": "Expected names of groups, one on each line, of at most 100 characters each.",
}
_GROUPS = "Groups are for members only: let members see it, or leave the groups out."


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a form says: an event, or errors by the names of fields; and the times that can mean two moments."""

    event: Event | None
    errors: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    times: Times
    rows: Mapping[str, list[int]] = field(default_factory=dict)  # by list: the row of the form of each entry


def read_form(
    values: Values,
    notes: tuple[ReviewNote, ...] = (),
    kept: Mapping[str, Any] | None = None,
    single: tuple[Field, ...] = SINGLE,
) -> Read:
    """Read a form, with all its mistakes at once.

    `notes` stay in doubt; `kept` are fields that it does not show; `single` are those that it offers beside its lists.
    """
    errors = dict(find_too_long(values))
    times = read_times(values)
    errors |= times.errors
    document, places = _build(values, times, errors, single)
    document |= {"needs_review": [note.model_dump() for note in notes], **(kept or {})}
    event = None
    try:
        event = Event.model_validate(document)
    except ValidationError as failure:
        for error in failure.errors():
            key = _place_of(error, places)
            errors.setdefault(key, _explain(error, key))
    for beyond in find_beyond(event) if event else ():
        sentence = f"{beyond.sentence[:1].upper()}{beyond.sentence[1:]}."
        errors.setdefault(_field_at(beyond.path, places), sentence)
    return Read(event=None if errors else event, errors=errors, choices=times.choices, times=times, rows=places)


def propose_id(values: Mapping[str, str]) -> str:
    """Return the id that an event gets that has none yet."""
    return values.get("id", "").strip() or make_slug(values.get("series"), values.get("name"))


def _build(
    values: Values, times: Times, errors: dict[str, str], single: tuple[Field, ...]
) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """Build the document of the Event, and tell the row of the form from which each entry comes."""
    document: dict[str, Any] = {each.name: _value(each, values.get(each.name, each.default)) for each in single}
    if not document.get("visibility"):
        document.pop("visibility", None)  # whether it is a draft follows from its doubts
    if not (document["name"] or "").strip():
        errors["name"] = "Give the event a title."
    document["name"] = document["name"] or "untitled"
    document["image"] = _read_image(document, errors)
    document["id"] = propose_id({**values, "name": document["name"]})
    moment = "2000-01-01T00:00:00+00:00"  # any: the errors say already that there is none
    document["timezone"] = times.timezone or "UTC"
    document["start"] = times.start.isoformat() if times.start else moment
    later = times.end if times.end and (not times.start or times.end > times.start) else None
    document["end"] = later.isoformat() if later else "2199-12-31T00:00:00+00:00"
    places = {}
    for rows in LISTS:
        document[rows.name], places[rows.name] = _read_rows(rows, values, errors)
    document["display_times"] = [
        entry
        for place, shown in zip(places["display_times"], document["display_times"], strict=True)
        if (entry := _display_row(shown, place, times, errors))
    ]
    return document, places


def _read_image(document: dict[str, Any], errors: dict[str, str]) -> dict[str, Any] | None:
    """Take the fields of the picture out of a document, and return the picture. Its text is asked for."""
    image, alt, decorative = (document.pop(name) for name in ("image", "image_alt", "image_decorative"))
    if not image:
        return None
    if not alt and not decorative:
        errors["image_alt"] = "Say what the picture shows, or that it is decoration only."
    return {**image, "alt": "" if decorative else alt or ""}


def _read_rows(rows: Rows, values: Values, errors: dict[str, str]) -> tuple[list[dict[str, Any]], list[int]]:
    """Read the rows in which something stands."""
    entries, places = [], []
    count = count_rows(values, rows)
    if count > rows.at_most:
        errors[rows.name] = f"There is room for {rows.at_most}: take some out, or split the event."
    for number in range(count):
        typed = {each.name: values.get(rows.key(number, each.name), each.default) for each in rows.fields}
        shown = [(each.default, typed[each.name]) for each in rows.fields if each.kind != "hidden"]
        if all(text.strip() in ("", default) for default, text in shown):
            continue
        if rows is not ATTACHMENTS and rows is not DISPLAY_TIMES and not typed["name"].strip():
            errors[rows.key(number, "name")] = "Give the name, or take the row out."
        if rows is ATTACHMENTS and not (typed["title"] + typed["url"]).strip():
            errors[rows.key(number, "title")] = "Give a title or an address, or take the row out."
        if rows is ATTACHMENTS and typed["visibility"] == "public" and typed["groups"].strip():
            errors[rows.key(number, "groups")] = _GROUPS
        entries.append({each.name: _value(each, typed[each.name]) for each in rows.fields})
        places.append(number)
    return entries, places


def _display_row(shown: dict[str, Any], place: int, times: Times, errors: dict[str, str]) -> dict[str, Any] | None:
    """Return a row of display times: as it was if its times are still those of the event, else computed again."""
    signature, key = shown.pop("of"), DISPLAY_TIMES.key(place, "timezone")
    try:
        zone = find_zone_or_city(shown["timezone"] or "").key
    except ValueError as error:
        errors[key] = f"T{str(error)[1:]}" if shown["timezone"] else "Give the time zone, such as Europe/Zurich."
        return None
    if times.start is None or times.end is None:
        return None
    if signature == sign_times(times.start, times.end, zone) and shown["start"] and shown["end"]:
        return {**shown, "timezone": zone}
    return display_row(shown["label"] or "", zone, times.start, times.end).model_dump()


def _value(each: Field, text: str) -> Any:
    if each.kind == "mark":
        return bool(text)
    if each.kind == "picture":
        return {"digest": text} if text else None
    if each.kind == "groups":
        return [line for line in text.splitlines() if line.strip()]
    if each.name == "size" and re.fullmatch(r"\s*\d{1,15}\s*", text, re.ASCII):
        return int(text)
    if text.strip():
        return text
    return "" if is_text(each.name) else each.default or None


def find_too_long(values: Values, lengths: Mapping[str, int] | None = None) -> list[tuple[str, str]]:
    """Return the names of the fields that hold too much, with a sentence for each. `lengths`: of those that are cut."""
    length_of = {key: len(text) for key, text in values.items()} | dict(lengths or {})
    bounds = [(each.name, each) for each in SINGLE] + [
        (rows.key(number, each.name), each)
        for rows in LISTS
        for number in range(count_rows(values, rows))
        for each in rows.fields
    ]
    return [
        (key, f"There is room for {each.longest:,} characters, and this has {length_of[key]:,}.")
        for key, each in bounds
        if length_of.get(key, 0) > each.longest
    ]


def _place_of(error: ErrorDetails, places: Mapping[str, list[int]]) -> str:
    """Return the name of the field that an error is about."""
    return _field_at(error["loc"], places)


def _field_at(path: tuple[int | str, ...], places: Mapping[str, list[int]]) -> str:
    """Return the name of the field in which a place of the event stands."""
    match path:
        case (str(name), int(number), *rest) if name in places and number < len(places[name]):
            return "-".join((name, str(places[name][number]), *(str(part) for part in rest[:1])))
        case ("start" | "end" as name, *_):
            return f"{name}-date"
        case (str(name), *_):
            return name
    return "end-time"


def _explain(error: ErrorDetails, key: str) -> str:
    name = key.rpartition("-")[2]
    if name in SENTENCES:
        return SENTENCES[name]
    sentence = explain_error(error, Event).partition(": ")[2] or explain_error(error, Event)
    return f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}."
