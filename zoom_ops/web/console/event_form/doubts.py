"""Doubts in the form: each is answered by a choice, or by the mark that the field is right as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from ....events import ReviewNote
from ....readers import Source
from ....zones import instants_of, known_zone
from ...i18n.language import Language
from .fields import LISTS, ORIGIN, SINGLE, Values, count_rows, number_below
from .moving_end import follow
from .wall_times import parse_local

AS_IT_STANDS = "right"
Part = Literal["date", "time", "both"]


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
    part: Part  # of a start or an end: what its choices differ in
    choices: tuple[Choice, ...]
    chosen: str


def key_of(note: ReviewNote) -> str:
    """Return the name of a note's radio buttons. It stays the same when others answer or add notes meanwhile."""
    return f"note-{sha256(note.model_dump_json().encode()).hexdigest()[:12]}"


def list_doubts(notes: Sequence[ReviewNote], values: Values, language: Language) -> tuple[Doubt, ...]:
    """List the notes with their choices as people read them."""
    return tuple(
        Doubt(
            key=key_of(note),
            note=note,
            at=_place_of_note(note, values),
            part=_part_of(note),
            choices=tuple(
                Choice(str(at), _label(note, text, values, language)) for at, text in enumerate(note.choices)
            ),
            chosen=values.get(key_of(note), ""),
        )
        for note in notes
    )


def sign_shown(notes: Sequence[ReviewNote], values: Values) -> Values:
    """Return hidden fields that tell what stood in the fields in doubt when the form was shown."""
    signed = {f"{key_of(note)}-shown": _sign(note, values) for note in notes}
    return {name: text for name, text in signed.items() if text}


def take_typed(notes: Sequence[ReviewNote], values: Values) -> Values:
    """Mark the doubts whose field was typed by hand since the form was shown: what stands there is the answer.

    It goes over a choice that was made beside it: what a choice fills in is what it says. The day and the time of one
    doubt are two fields, so that doubt needs its own mark.
    """
    marks = {key_of(note): AS_IT_STANDS for note in notes if _is_typed(note, notes, values)}
    return values | marks


def take_choices(notes: Sequence[ReviewNote], values: Values) -> Values:
    """Fill the fields with what was chosen since the form was last shown. What is typed later stays."""
    for note in sorted(notes, key=lambda each: each.field == "end"):  # a start moves the end
        key = key_of(note)
        chosen = values.get(key, "")
        if chosen != values.get(f"{key}-done", "") and (answer := _chosen(note, chosen)) is not None:
            values = _fill_choice(note, answer, values, moves_end=not _is_end_chosen(notes, _part_of(note), values))
        values = values | {f"{key}-done": chosen}
        if note.field == "start" and _is_answered(note, chosen):
            values = _answer_end(note, chosen, notes, values)
    return values


def _answer_end(note: ReviewNote, chosen: str, notes: Sequence[ReviewNote], values: Values) -> Values:
    """Return the values with the end answered like the start where one doubt is about both, if it is not yet."""
    same = [n for n in notes if n.field == "end" and (n.text, n.reason) == (note.text, note.reason)]
    answers = {key_of(n): chosen if len(n.choices) == len(note.choices) else AS_IT_STANDS for n in same}
    return values | {key: answer for key, answer in answers.items() if not values.get(key)}


def open_notes(notes: Sequence[ReviewNote], values: Values) -> tuple[ReviewNote, ...]:
    """List the notes that are still in doubt."""
    return tuple(note for note in notes if not _is_answered(note, values.get(key_of(note), "")))


def _fill_choice(note: ReviewNote, answer: str, values: Values, *, moves_end: bool) -> Values:
    """Return the values with another value of a field. Another start moves the end with it.

    Another zone leaves the local time: a zone that is in doubt is the one in which the time is written.
    """
    field = note.field
    if field in ("start", "end"):
        moment = _with_part(_part_of(note), datetime.fromisoformat(answer), _local(values, field))
        moved = _set_local(values, field, moment)
        if field == "end" or not moves_end or not values.get("end-time"):
            return moved
        before, end = _local(values, "start"), _local(values, "end")
        later = follow(before, moment, end) if before and end else None
        return _set_local(moved, "end", later) if later else moved
    place = place_of(field, values)
    return values | {place: answer} if place else values


def _is_typed(note: ReviewNote, notes: Sequence[ReviewNote], values: Values) -> bool:
    shown, stands = values.get(f"{key_of(note)}-shown", ""), _sign(note, values)
    if not shown or not stands or shown == stands:
        return False
    beside = [each for each in notes if each.field == note.field]
    chosen = [(each, _chosen(each, values.get(key_of(each), ""))) for each in beside]
    filled = (_fill_choice(each, answer, values, moves_end=True) for each, answer in chosen if answer is not None)
    return all(_sign(note, each) != stands for each in filled)


def _sign(note: ReviewNote, values: Values) -> str:
    """Return a text that changes with what stands in the field of a note; empty where that is not one field.

    An end is signed by its distance from the start, with which it moves.
    """
    place = place_of(note.field, values)
    if note.field not in ("start", "end"):
        return sha256(values[place].strip().encode()).hexdigest()[:12] if place in values else ""
    part = _part_of(note)
    if part == "both":
        return ""
    start, end = _local(values, "start"), _local(values, "end")
    if note.field == "end":
        return f"{end - start}" if start and end else ""
    return f"{note.field} {values.get(f'{note.field}-{part}', '')}"


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


def _place_of_note(note: ReviewNote, values: Values) -> str:
    place = place_of(note.field, values)
    return place.replace("-date", "-time") if note.field in ("start", "end") and _part_of(note) == "time" else place


def _part_of(note: ReviewNote) -> Part:
    """Tell what the choices of a start or an end differ in: only that is chosen, so that two doubts can be answered."""
    moments = [moment for text in note.choices if (moment := _parse(text))]
    days, hours = {moment.date() for moment in moments}, {moment.time() for moment in moments}
    if len(moments) < len(note.choices) or (len(days) > 1) == (len(hours) > 1):
        return "both"
    return "date" if len(days) > 1 else "time"


def _is_end_chosen(notes: Sequence[ReviewNote], part: Part, values: Values) -> bool:
    """Return whether that part of the end was chosen before, so that another start leaves it."""
    chosen = [note for note in notes if note.field == "end" and _chosen(note, values.get(f"{key_of(note)}-done", ""))]
    return any("both" in (part, _part_of(note)) or part == _part_of(note) for note in chosen)


def _with_part(part: Part, chosen: datetime, stands: datetime | None) -> datetime:
    if stands is None or part == "both":
        return chosen
    day, hour = (chosen, stands) if part == "date" else (stands, chosen)
    return datetime.combine(day.date(), hour.time())


def _chosen(note: ReviewNote, chosen: str) -> str | None:
    number = number_below(len(note.choices), chosen)
    return None if number is None else note.choices[number]


def _is_answered(note: ReviewNote, chosen: str) -> bool:
    return chosen == AS_IT_STANDS or _chosen(note, chosen) is not None


def _label(note: ReviewNote, choice: str, values: Values, language: Language) -> str:
    """Write a choice for people: a day in words, so that 04/03 cannot be meant, and a zone with what it makes of it."""
    zone, start = known_zone(choice) if note.field == "timezone" else None, _local(values, "start")
    if zone and start:
        instants = instants_of(start, zone)
        if len(instants) != 1:
            return choice
        times = {"time": f"{start:%H:%M}", "utc": f"{instants[0]:%H:%M}"}
        return language.say("%(zone)s: %(time)s there is %(utc)s UTC", zone=choice, **times)
    moment = _parse(choice) if note.field in ("start", "end", "previous_start") else None
    if moment is None:
        return choice
    day, hour = language.write_day(moment), f"{moment:%H:%M}"
    return {"date": day, "time": hour, "both": language.join_day(day, hour)}[_part_of(note)]


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _local(values: Values, name: str) -> datetime | None:
    return parse_local(values.get(f"{name}-date") or values.get("start-date", ""), values.get(f"{name}-time", ""))


def _set_local(values: Values, name: str, moment: datetime) -> Values:
    return values | {f"{name}-date": f"{moment:%Y-%m-%d}", f"{name}-time": f"{moment:%H:%M}", f"{name}-meant": ""}
