"""Somebody changed the record while the form was open: what they changed, and what stands in the form."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....events import Event
from ....operations.events.addresses import pair_names
from ....planning import FieldChange
from ...errors import BadRequestError
from ...i18n.language import Language
from .fields import LISTS, ORIGIN, Rows, Values, count_rows
from .filling import fill_form
from .wording import list_changes

Entry = Mapping[str, Any]
_MOST = 2_000_000  # bytes
_MOST_ENTRIES = 1_000  # of a list: the form cannot send more
_TIMES = ("start", "end", "timezone", "display_times", "duration")
_PICTURE = ("image_alt", "image_decorative")


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A field that somebody else changed."""

    field: str  # what it is called
    before: Any
    theirs: Any
    mine: Any
    is_read: bool  # whether the form can be read, so that `mine` is known
    is_mine_too: bool  # this form changes it as well


def pack_base(event: Event) -> str:
    """Pack the record that a form was filled from, so that it can travel with the form."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(event.to_json()).encode())).decode()


def unpack_base(packed: str) -> Event:
    """Unpack the record that a form was filled from. Raise BadRequestError for what is none."""
    try:
        content = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), _MOST)
        document = json.loads(content)
        if any(len(document[rows.name]) > _MOST_ENTRIES for rows in LISTS):
            raise BadRequestError
        return Event.model_validate(document)
    except (ValueError, KeyError, TypeError, RecursionError, zlib.error) as error:
        raise BadRequestError from error


def list_clashes(
    base: Event, theirs: Event, values: Values, typed: Mapping[str, Any] | None, language: Language
) -> tuple[Clash, ...]:
    """List what somebody else changed since the form was filled; `typed` is the document of the form, if it has one."""
    before, after, filled = base.to_json(), theirs.to_json(), fill_form(base)
    changed = [name for name in after if after[name] != before.get(name)]
    seen = list_changes((FieldChange(field=n, old=before.get(n), new=after[n]) for n in changed), language)
    mine = list_changes((FieldChange(field=n, new=typed[n] if typed else None) for n in changed), language)
    return tuple(
        Clash(
            field=theirs_is.field,
            before=theirs_is.old,
            theirs=theirs_is.new,
            mine=mine_is.new,
            is_read=typed is not None,
            is_mine_too=_is_typed(name, values, filled),
        )
        for name, theirs_is, mine_is in zip(changed, seen, mine, strict=True)
    )


def take_theirs(values: Values, base: Event, theirs: Event, *, also_over_mine: bool, numbered_by_file: bool) -> Values:
    """Return the form with what somebody else changed in place of what stands there; all else stays as typed.

    Without `also_over_mine`, what was typed into this form stays, too. `numbered_by_file`: the rows say their numbers
    in a file, and not in the record.
    """
    before, after, filled = base.to_json(), theirs.to_json(), fill_form(theirs)
    changed = {name for name in after if after[name] != before.get(name)}
    if not also_over_mine:
        stood = fill_form(base)
        changed = {name for name in changed if not _is_typed(name, values, stood)}
    kept = {key: text for key, text in values.items() if _field_of(key) not in map(_together, changed)}
    if numbered_by_file:
        filled = {key: text for key, text in filled.items() if not key.endswith(f"-{ORIGIN}")}
    else:
        for rows in LISTS:
            kept = _renumber(kept, rows, before[rows.name], after[rows.name])
    return kept | {key: text for key, text in filled.items() if _field_of(key) in map(_together, changed)}


def _renumber(values: Values, rows: Rows, before: Sequence[Entry], after: Sequence[Entry]) -> Values:
    """Let the rows of a list that stays as typed say the numbers that their entries have in the record now."""
    old, new = ([str(entry[rows.fields[0].name]) for entry in entries] for entries in (before, after))
    pairs = pair_names(old, new)
    # who has another name now stands where they stood, if the list is as long
    kept = {n: n for n in range(len(old)) if len(old) == len(new) and pairs[n] is None and n not in pairs}
    found = {str(n): str(place) for n, pair in enumerate(pairs) if (place := kept.get(n, pair)) is not None}
    origins = {rows.key(row, ORIGIN) for row in range(count_rows(values, rows))}
    return {key: found.get(text, "") if key in origins else text for key, text in values.items()}


def _is_typed(name: str, values: Values, filled: Values) -> bool:
    """Return whether a field of the form is not as it was filled."""
    stood, stands = (
        {key: text.replace("\r\n", "\n") for key, text in form.items() if text and _field_of(key) == _together(name)}
        for form in (filled, values)
    )
    return stood != stands


def _field_of(key: str) -> str:
    """Return the field of the Event that a field of the form belongs to: times are one, and so is the picture."""
    return _together(key.partition("-")[0])


def _together(name: str) -> str:
    return "start" if name in _TIMES else "image" if name in _PICTURE else name
