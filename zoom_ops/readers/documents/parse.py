"""YAML and JSON in the event model → events: one event, a list of them, or {"events": [...]}."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from ...announcements import MOST_PROBLEMS, refuse
from ...errors import BadInputError
from ...events import ADDED_BY_US, Attachment, DisplayTime, Event, Organizer, Performer, ReviewNote, make_slug
from .trees import Path, Tree, read_json, read_yaml

Parsed = tuple[Event, bool, int]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
_MODELS: dict[str, type[BaseModel]] = {
    "display_times": DisplayTime,
    "organizers": Organizer,
    "performers": Performer,
    "attachments": Attachment,
    "needs_review": ReviewNote,
}
_PATTERN_HINTS = {
    "id": "an id has small letters, digits and dashes",
    "start": "expected a local time such as 2023-01-31T08:30",
    "end": "expected a local time such as 2023-01-31T08:30",
    "email": "expected an e-mail address",
    "language": 'expected a language code such as "en" or "pt-BR"',
}


def parse_documents(text: str, file: str, *, is_json: bool) -> tuple[Parsed, ...]:
    """Read the events of a YAML or JSON file, each with whether the file gives its id, and with its line.

    Raises BadInputError for the first problem. The other problems stand in its notes.
    """
    events: list[Parsed] = []
    problems: list[BadInputError] = []
    for tree in [read_json(text, file)] if is_json else read_yaml(text, file):
        for record, path in _records(tree, file):
            wrong_moments = dict(_moment_problems(record, path, tree, file))
            problems.extend(wrong_moments.values())
            parts = [part for part in (record.get("series"), record.get("name")) if isinstance(part, str)]
            try:
                event = Event.model_validate({**record, "id": record.get("id") or make_slug(*parts)})
            except ValidationError as error:
                problems.extend(_problems(error, path, tree, file, wrong_moments))
                if len(problems) > MOST_PROBLEMS:
                    refuse(problems)
            else:
                events.append((event, bool(record.get("id")), tree.line(path)))
    refuse(sorted(problems, key=lambda problem: problem.line or 0))
    if not events:
        message = "there is no event in it; expected one, a list of them, or events: [...]"
        raise BadInputError(message, file=file, line=1)
    return tuple(events)


def _records(tree: Tree, file: str) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield the event records of a document, each with its path."""
    value: Any = tree.value
    path: Path = ()
    if value is None:
        return
    if isinstance(value, dict) and "events" in value:
        unknown = next((key for key in value if key != "events"), None)
        if unknown is not None:
            message = f"{unknown!r} does not belong beside 'events'; every event stands in that list"
            raise BadInputError(message, file=file, line=tree.line((unknown,)))
        value, path = value["events"], ("events",)
    several = isinstance(value, list)
    records = [((*path, number), record) for number, record in enumerate(value)] if several else [(path, value)]
    for place, record in records:
        if not isinstance(record, dict):
            message = "expected an event: keys such as name, start, end and timezone"
            raise BadInputError(message, file=file, line=tree.line(place))
        yield record, place


def _moment_problems(record: dict[str, Any], path: Path, tree: Tree, file: str) -> Iterator[tuple[str, BadInputError]]:
    """Find times that pydantic would misread: a bare date as midnight, a number as seconds since 1970."""
    for name in ("start", "end", "previous_start"):
        value = record.get(name)
        if value is not None and not (isinstance(value, str) and _MOMENT.match(value.strip())):
            shown = "several values" if isinstance(value, dict | list) else repr(str(value)[:40])
            message = f"{name}: expected date and time, such as 2023-01-31T08:30:00-05:00, found {shown}"
            yield name, BadInputError(message, file=file, line=tree.line((*path, name)))


def _problems(
    error: ValidationError, path: Path, tree: Tree, file: str, reported: Collection[str]
) -> Iterator[BadInputError]:
    details = error.errors(include_url=False, include_input=False, include_context=False)
    # Missing keys come last, as a misspelt key is often the reason for a missing one.
    for detail in sorted(details, key=lambda detail: detail["type"] == "missing"):
        place = detail["loc"]
        if place and place[0] in reported:
            continue
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        sentence = _sentence(detail["type"], place, detail["msg"])
        yield BadInputError(f"{where}: {sentence}" if where else sentence, file=file, line=tree.line((*path, *place)))


def _sentence(kind: str, place: Path, message: str) -> str:
    if kind == "missing":
        return "this is required"
    if kind == "extra_forbidden":
        model = _MODELS.get(str(place[0]), Event) if len(place) > 1 else Event
        known = [*model.model_fields, *(ADDED_BY_US if model is Event else ())]
        near = get_close_matches(str(place[-1]), known, n=1, cutoff=0.5)
        return f"this key is not known; did you mean {near[0]!r}?" if near else "this key is not known"
    if kind == "string_pattern_mismatch":
        return f"not written as expected; {_PATTERN_HINTS.get(str(place[-1]), message)}"
    return message.removeprefix("Value error, ")
