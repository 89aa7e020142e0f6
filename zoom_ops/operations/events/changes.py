"""What differs between two states of an event, as values or in words: old → new, a line for each entry of a list."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...access import Reader, without_private
from ...errors import shorten
from ...events import Event
from ...planning import FieldChange

_LONGEST = 500  # characters of a value in the audit
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::(?!00)\d\d)?)(?::00)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
_CHANGE = re.compile(r"(?P<field>\w+): (?P<old>.*?) → (?P<new>.*)", re.DOTALL)
_ENTRY = "; "  # between the entries of a list in the audit
_PROSE = ("attachments_note", "description", "name", "series", "venue")
_WRITTEN = (*_PROSE, "organizers", "performers")
_SHORT = 120  # characters of a change in a sentence
_QUERY = re.compile(r"(https?://[^\s?#]+)[?#]\S*")


def differences(old: Event | None, new: Event) -> tuple[FieldChange, ...]:
    """List the fields in which two states of an event differ, old → new."""
    before, after = old.to_json() if old else {}, new.to_json()
    return tuple(
        FieldChange(field=name, old=before.get(name), new=value)
        for name, value in after.items()
        if before.get(name) != value and name != "id" and (old or value not in (None, [], ""))
    )


def differ_in_gates(old: Event, new: Event) -> bool:
    """Return whether the recording entries of two states of an event are for others."""
    return _gates(old) != _gates(new)


def _gates(event: Event) -> tuple[object, ...]:
    return tuple((entry.visibility, entry.groups) for entry in event.attachments if entry.kind == "recording")


def hide_changes(changes: Iterable[FieldChange], reader: Reader) -> tuple[FieldChange, ...]:
    """Return changes, as JSON values, without what a reader may not see of them; for operators as they are."""
    if reader.operates:
        return tuple(changes)
    seen = (
        FieldChange(field=each.field, old=old[each.field], new=without_private({each.field: each.new})[each.field])
        for each in changes
        if each.field in (old := without_private({each.field: each.old}))
    )
    return tuple(each for each in seen if each.old != each.new)


def word_changes(changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """Write the values of changes for people."""
    return tuple(FieldChange(field=change.field, old=_word(change.old), new=_word(change.new)) for change in changes)


def say_changes(changes: Iterable[FieldChange]) -> list[str]:
    """Say changes for the audit, which holds no secret: addresses of people are cut, and of links the query."""
    return [f"{change.field}: {_mask(change.old)} → {_mask(change.new)}" for change in changes]


def sum_up_changes(said: Iterable[str]) -> str:
    """List changes, as the audit holds them, in a sentence: of long values only the field."""
    parts = (describe_change(text) if len(text) <= _SHORT else _name(text.partition(":")[0]) for text in said)
    return ", ".join(parts)


def describe_change(text: str) -> str:
    """Return a change as the audit holds it ("start: … → …") as "start from … to …", with times for people."""
    found = _CHANGE.fullmatch(text)
    if found is None or " → " in found["new"]:
        return write_times(text)
    name, old, new = _name(found["field"]), found["old"], found["new"]
    if found["field"] not in _PROSE and _ENTRY in old + new:
        entries = ([_say(found["field"], each) for each in value.split(_ENTRY)] for value in (old, new))
        return f"{name}: {_compare(*entries)}"
    return f"{name} from {_say(found['field'], old)} to {_say(found['field'], new)}"


def _compare(old: list[str], new: list[str]) -> str:
    """Say how entries of a list have changed, without those that stay: the first of each kind, and how many more."""
    gone, come = (
        [each for each in these if each not in (*those, "nothing")] for these, those in ((old, new), (new, old))
    )
    if len(gone) == len(come) > 0:
        others = f", and {len(gone) - 1} more" if len(gone) > 1 else ""
        return f"from {gone[0]} to {come[0]}{others}"
    said = (
        f"{verb} {these[0]}{f' and {len(these) - 1} more' if len(these) > 1 else ''}"
        for verb, these in (("without", gone), ("with", come))
        if these
    )
    return ", ".join(said) or "in another order"


def _say(field: str, value: str) -> str:
    """Quote what people wrote; write a moment for people."""
    return f"“{value}”" if field in _WRITTEN and value != "nothing" else write_times(value)


def write_times(text: str) -> str:
    """Write the moments in a text for people: "2040-01-31 15:00 UTC"."""
    return _MOMENT.sub(lambda found: " ".join(filter(None, (found[1], found[2], _offset(found[3])))), text)


def _name(field: str) -> str:
    return field.replace("_", " ")


def _offset(offset: str | None) -> str:
    return "UTC" if offset in ("Z", "+00:00") else f"(UTC{offset})" if offset else ""


def _mask(value: Any) -> str:
    text = _ENTRY.join((_word(value) or "nothing").splitlines())
    return shorten(_QUERY.sub(r"\1?…", _EMAIL.sub(r"\1…@", text)), _LONGEST)


def _word(value: Any) -> str | None:
    """Write a value on one line, a list with a line for each entry; None for nothing."""
    if value in (None, "", []):
        return None
    if isinstance(value, list):
        return "\n".join(_word(entry) or "–" for entry in value)
    if isinstance(value, Mapping) and "digest" in value:
        return f"{value.get('alt') or 'picture'} ({value['digest'][:6]})"
    if isinstance(value, Mapping):
        known = {name: inner for name, inner in value.items() if inner not in (None, "", [], False)}
        if known.get("label") == known.get("timezone"):
            known.pop("label", None)  # a row of display times that has the zone's own name
        parts = (_part(name, inner) for name, inner in known.items())
        return ", ".join(parts)
    return str(value)


def _part(name: str, value: Any) -> str:
    if isinstance(value, list):
        return f"{name.replace('_', ' ')} {' or '.join(str(each) for each in value)}"
    return name.replace("_", " ") if value is True else _word(value) or ""
