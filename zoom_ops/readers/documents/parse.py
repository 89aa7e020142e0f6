"""YAML and JSON as people write them → events: one event, a list of them, or {"events": [...]}."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ...announcements import refuse
from ...errors import BadInputError
from ...events import ADDED_BY_US, Event, make_slug
from ...events.maxima import find_beyond
from ...explain import MOST_MISTAKES
from ...phrases.changes import doubt_of_title, title_says
from ...phrases.dates import find_dates
from ...phrases.status import cut_status
from ..bounds import hold
from ..changing import told_changes
from ..read import MOST_EVENTS, Announced
from .entries import take_attachments, take_organizers, take_performers, take_rows
from .keys import ADVICE, CONSENTS, EVENT_KEYS, PEOPLE_KINDS, STATUSES, fold_key
from .mistakes import take_mistakes
from .pictures import take_image, take_portraits
from .record import Record, take_keys, take_one
from .times import doubt_display_times, take_times
from .trees import Path, Tree, read_json, read_yaml

LONGEST_TEXT = 400_000  # characters that are looked at; what an event may hold is less
_APART = (  # they are read with others
    *("start", "date", "time", "end", "end_date", "end_time", "duration", "timezone", "previous_start"),
    *("performers", *PEOPLE_KINDS, "organizers", "attachments", "display_times", "needs_review", "image"),
)
_MAY_BE_EMPTY = frozenset(name for name, field in Event.model_fields.items() if field.default is None)
_WORDS = {"status": STATUSES, "consent": CONSENTS}


def parse_documents(text: str, file: str, *, is_json: bool) -> tuple[Announced, ...]:
    """Read the events of a YAML or JSON file. Raise BadInputError with all mistakes of the file."""
    announced: list[Announced] = []
    problems: list[BadInputError] = []
    for tree in [read_json(text, file)] if is_json else read_yaml(text, file):
        for given, path in _records(tree, file):
            record = Record(tree=tree, path=path, file=file)
            event = _read(record, given)
            problems.extend(record.problems)
            if event is not None and not record.problems:
                found = Announced(
                    event=event,
                    id_given=bool(record.values.get("id")),
                    file=file,
                    line=tree.line(path),
                    sources=tuple(record.sources()),
                    pictures=tuple(record.pictures),
                )
                announced.append(hold(found))
            if len(problems) > MOST_MISTAKES:
                refuse(problems)
    refuse(sorted(problems, key=lambda problem: problem.line or 0))
    if not announced:
        message = "there is no event in it; expected one, a list of them, or events: [...]"
        raise BadInputError(message, file=file, line=1)
    return tuple(announced)


def _read(record: Record, given: Mapping[str, Any]) -> Event | None:
    """Read one event; its mistakes stand in the record."""
    known = {key: value for key, value in given.items() if key not in ADDED_BY_US}
    keys = take_keys(record, known, EVENT_KEYS, (), ADVICE)
    record.is_ours = "needs_review" in keys
    for name, spelled in keys.items():
        if name not in _APART:
            _take_value(record, name, known, spelled)
    take_times(record, known, keys)
    take_performers(record, known, keys)
    take_portraits(record)
    for name, take in (("organizers", take_organizers), ("attachments", take_attachments), ("image", take_image)):
        if name in keys:
            take(record, known, keys[name])
    for name in ("display_times", "needs_review"):
        if name in keys:
            take_rows(record, name, known, keys[name])
    parts = [part for part in (record.values.get("series"), record.values.get("name")) if isinstance(part, str)]
    event = _build(record, record.values.get("id") or make_slug(*parts))
    if event is None:
        return None
    if not record.is_ours:
        doubt_display_times(record, event)
    if "status" not in keys:
        event = _with_status(record, event)
    return event.model_copy(update={"needs_review": (*event.needs_review, *record.notes)}) if record.notes else event


def _build(record: Record, event_id: Any) -> Event | None:
    """Build the event of what was read. What does not fit the model, or is more than it may hold, is a mistake."""
    try:
        event = Event.model_validate({**record.values, "id": event_id})
    except ValidationError as error:
        take_mistakes(record, error)
        return None
    for beyond in find_beyond(event):
        record.refuse(record.place(beyond.path), beyond.sentence, expected=beyond.expected)
    return None if record.problems else event


def _with_status(record: Record, event: Event) -> Event:
    """Take the status from the name, and doubt what name and description say of a change, where none is written."""
    status, bare = cut_status(event.name)
    is_dated = bool(find_dates(event.name, yearless=True))  # "Cancelled flights" is none
    if status and bare:
        reason = f"a word in it may be the status, {status}; write it as status"
        record.doubt("name", record.place(("name",)), event.name, reason, (bare, event.name))
        event = event.model_copy(update={"name": bare, "status": status})
    elif not record.is_ours and (word := title_says(event.name)) and (is_dated or not word.istitle()):
        record.doubt("name", record.place(("name",)), event.name, doubt_of_title(word))
    for name, reason, choices in () if record.is_ours else told_changes(event.description, event.status):
        record.doubt(name, record.place(("description",)), "", reason, choices)
    return event


def _take_value(record: Record, name: str, given: Mapping[str, Any], keys: list[str]) -> None:
    value, place = take_one(record, given, keys, ())
    if value is None and name not in _MAY_BE_EMPTY:
        return  # in YAML an empty value means no value
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        record.refuse(place, f"expected at most {LONGEST_TEXT:,} characters, found {len(value):,}")
        return
    if name in _WORDS and isinstance(value, str | bool):
        value = _WORDS[name].get(fold_key(str(value)), value)
    if name == "language" and isinstance(value, str):
        value = value.strip().replace("_", "-")
    record.values[name], record.written[name,] = value, place


def _records(tree: Tree, file: str) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield the event records of a document, each with its path. What was yielded is taken out of it."""
    value: Any = tree.value
    path: Path = ()
    if value is None:
        return
    for wrapper in ("events", "event"):
        if isinstance(value, dict) and isinstance(value.get(wrapper), list | dict):
            unknown = next((key for key in value if key != wrapper), None)
            if unknown is not None:
                message = f"{unknown!r} does not belong beside {wrapper!r}; every event stands in it with all its keys"
                raise BadInputError(message, file=file, line=tree.line((unknown,)))
            value, path = value[wrapper], (wrapper,)
    several = isinstance(value, list)
    if several and len(value) > MOST_EVENTS:
        message = f"expected at most {MOST_EVENTS:,} events in one file, found {len(value):,}: split it"
        raise BadInputError(message, file=file, line=tree.line((*path, MOST_EVENTS)))
    records = value if several else [value]
    for number, record in enumerate(records):
        place = (*path, number) if several else path
        if not isinstance(record, dict):
            message = "expected an event: keys such as name, start, end and timezone"
            raise BadInputError(message, file=file, line=tree.line(place))
        yield record, place
        records[number] = None  # its values take as much memory as the event that they became
