"""Somebody changed the record while the form was open: what they changed, and what stands in the form."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ....events import Event
from ....operations.events.changes import word_changes
from ....planning import FieldChange
from ...errors import BadRequestError
from .fields import LISTS, Values
from .filling import fill_form

_MOST = 2_000_000
_TIMES = ("start", "end", "timezone", "display_times")


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A field that somebody else changed."""

    field: str
    before: Any
    theirs: Any
    mine: Any
    is_mine_too: bool  # this form changes it as well


def pack_base(event: Event) -> str:
    """Pack the record that a form was filled from, so that it can travel with the form."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(event.to_json()).encode())).decode()


def unpack_base(packed: str) -> Event:
    """Unpack the record that a form was filled from. Raise BadRequestError if somebody has changed it."""
    try:
        content = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), _MOST)
        return Event.model_validate(json.loads(content))
    except (ValueError, zlib.error) as error:
        raise BadRequestError from error


def list_clashes(base: Event, theirs: Event, typed: Mapping[str, Any] | None) -> tuple[Clash, ...]:
    """List what somebody else changed since the form was filled; `typed` is the document of the form, if it has one."""
    before, after = base.to_json(), theirs.to_json()
    mine = {**before, **(typed or {})}
    return tuple(
        Clash(
            field=name,
            before=_word(before.get(name)),
            theirs=_word(after[name]),
            mine=_word(mine.get(name)),
            is_mine_too=mine.get(name) not in (before.get(name), after[name]),
        )
        for name in after
        if after[name] != before.get(name)
    )


def take_theirs(values: Values, base: Event, theirs: Event) -> Values:
    """Return the form with what somebody else changed in place of what stands there; all else stays as typed."""
    before, after, filled = base.to_json(), theirs.to_json(), fill_form(theirs)
    changed = {name for name in after if after[name] != before.get(name)}
    if changed & set(_TIMES):
        changed |= set(_TIMES)
    lists = {rows.name for rows in LISTS} & changed
    kept = {key: text for key, text in values.items() if not _is_of(key, changed, lists)}
    return kept | {key: text for key, text in filled.items() if _is_of(key, changed, lists)}


def _is_of(key: str, changed: set[str], lists: set[str]) -> bool:
    name, dash, _ = key.partition("-")
    if name in lists:
        return bool(dash)
    return name in changed or ("start" in changed and key == "duration")


def _word(value: Any) -> Any:
    (worded,) = word_changes((FieldChange(field="", old=None, new=value),))
    return worded.new
