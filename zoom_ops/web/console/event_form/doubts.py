"""Doubts in the form: each is answered by a choice, or by the mark that the field is right as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import NamedTuple

from ....events import ReviewNote
from ....readers import Source
from .fields import LISTS, ORIGIN, SINGLE, Values, count_rows

AS_IT_STANDS = "right"
_LOCAL = ("start", "end", "previous_start")


class Choice(NamedTuple):
    """A value that a field may have."""

    value: str  # of the radio button
    label: str


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A review note in the form."""

    key: str  # the name of its radio buttons
    note: ReviewNote
    at: str  # the field beside which it stands; empty: none of the form
    choices: tuple[Choice, ...]
    chosen: str


def key_of(note: ReviewNote) -> str:
    """Return the name of a note's radio buttons. It stays the same when others answer or add notes meanwhile."""
    return f"note-{sha256(note.model_dump_json().encode()).hexdigest()[:12]}"


def list_doubts(notes: Sequence[ReviewNote], values: Values) -> tuple[Doubt, ...]:
    """List the notes with their choices as people read them."""
    return tuple(
        Doubt(
            key=key_of(note),
            note=note,
            at=place_of(note.field, values),
            choices=tuple(Choice(str(at), _label(note.field, text)) for at, text in enumerate(note.choices)),
            chosen=values.get(key_of(note), ""),
        )
        for note in notes
    )


def take_choices(notes: Sequence[ReviewNote], values: Values) -> Values:
    """Fill the fields with what was chosen since the form was last shown. What is typed later stays."""
    for note in sorted(notes, key=lambda each: each.field != "timezone"):
        key = key_of(note)
        chosen = values.get(key, "")
        if chosen != values.get(f"{key}-done", "") and (answer := _chosen(note, chosen)) is not None:
            values = fill_choice(note.field, answer, values)
        values = values | {f"{key}-done": chosen}
    return values


def open_notes(notes: Sequence[ReviewNote], values: Values) -> tuple[ReviewNote, ...]:
    """List the notes that are still in doubt."""
    return tuple(note for note in notes if not _is_answered(note, values.get(key_of(note), "")))


def fill_choice(field: str, answer: str, values: Values) -> Values:
    """Return the values with another value of a field. Another start moves the end with it."""
    if field in ("start", "end"):
        moment = datetime.fromisoformat(answer)
        moved = _set_local(values, field, moment)
        if field == "end" or not values.get("end-time"):
            return moved
        before, end = _local(values, "start"), _local(values, "end")
        return _set_local(moved, "end", moment + (end - before)) if before and end else moved
    place = place_of(field, values)
    return values | {place: answer} if place else values


def place_of(field: str, values: Values) -> str:
    """Return the name in the form of a field of the Event, such as `performers.0.name`; empty if it has none."""
    if field in ("start", "end"):
        return f"{field}-date"
    if field == "timezone" or any(each.name == field for each in SINGLE):
        return field
    name, _, rest = field.partition(".")
    number, _, inner = rest.partition(".")
    for rows in LISTS:
        if rows.name == name:
            row = next(
                (r for r in range(count_rows(values, rows)) if number and values.get(rows.key(r, ORIGIN)) == number),
                None,
            )
            names = [each.name for each in rows.fields]
            return name if row is None else rows.key(row, inner if inner in names else names[0])
    return ""


def places_of(sources: Sequence[Source], values: Values) -> dict[str, tuple[Source, ...]]:
    """Return the places in the file that say each field, by its name in the form."""
    found: dict[str, tuple[Source, ...]] = {}
    for source in sources:
        place = place_of(source.field, values)
        if place and source not in found.get(place, ()):
            found[place] = (*found.get(place, ()), source)
    return found


def _chosen(note: ReviewNote, chosen: str) -> str | None:
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 4 else -1
    return note.choices[number] if 0 <= number < len(note.choices) else None


def _is_answered(note: ReviewNote, chosen: str) -> bool:
    return chosen == AS_IT_STANDS or _chosen(note, chosen) is not None


def _label(field: str, choice: str) -> str:
    """Write a choice for people: a local time with the day in words, so that 04/03 cannot be meant."""
    if field not in _LOCAL:
        return choice
    try:
        moment = datetime.fromisoformat(choice)
    except ValueError:
        return choice
    return f"{moment:%A}, {moment.day} {moment:%B %Y}, {moment:%H:%M}"


def _local(values: Values, name: str) -> datetime | None:
    try:
        day = values.get(f"{name}-date") or values.get("start-date", "")
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(values.get(f"{name}-time", "").zfill(5)))
    except ValueError:
        return None


def _set_local(values: Values, name: str, moment: datetime) -> Values:
    return values | {f"{name}-date": f"{moment:%Y-%m-%d}", f"{name}-time": f"{moment:%H:%M}", f"{name}-meant": ""}
