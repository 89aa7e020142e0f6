"""Changes of an event's fields in words: old → new, a line for each entry of a list."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...access import Reader, without_private
from ...errors import shorten
from ...planning import FieldChange

_LONGEST = 500  # characters of a value in the audit
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@")
_QUERY = re.compile(r"(https?://[^\s?#]+)[?#]\S*")


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


def _mask(value: Any) -> str:
    text = "; ".join((_word(value) or "nothing").splitlines())
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
        parts = (_part(name, inner) for name, inner in value.items() if inner not in (None, "", [], False))
        return ", ".join(parts)
    return str(value)


def _part(name: str, value: Any) -> str:
    if isinstance(value, list):
        return f"{name.replace('_', ' ')} {' or '.join(str(each) for each in value)}"
    return name.replace("_", " ") if value is True else _word(value) or ""
