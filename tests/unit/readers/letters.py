"""The e-mails under mails/, each with what a careful person reads in it, and how much of that the reader finds."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from zoom_ops.errors import BadInputError
from zoom_ops.events import Event
from zoom_ops.readers import read_events

LETTERS = Path(__file__).parent / "mails"
TODAY = date(2026, 2, 10)
Case = Mapping[str, Any]
CASES: Mapping[str, Case] = yaml.load((LETTERS / "expected.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
NOTED = {"people": "performers", "bodies": "performers", "kept": "description", "out": "wishes"}  # the field of a note
FIELDS = ("name", "series", "start", "end", "consent", "people", "bodies", "kept", "out")


def read_letter(name: str) -> Event | None:
    """Read the event of a mail; None where it is refused."""
    try:
        (announced,) = read_events((LETTERS / name).read_bytes(), name, today=TODAY)
    except BadInputError:
        return None
    return announced.event


def wrong_fields(event: Event | None, case: Case) -> list[str]:
    """List the fields that a person would have to put right; all of them where a mail is refused."""
    if event is None:
        return list(FIELDS)
    people = [entry.split(", ", 2) for entry in case.get("people", [])]
    named = {(person.kind, person.name) for person in event.performers}
    beside = {person.name: f"{person.role or ''} {person.organization or ''}" for person in event.performers}
    public = _public_text(event)
    start, end = event.to_json()["start"], event.to_json()["end"]
    right = {
        "name": event.name == case["name"],
        "series": (event.series or "") == case.get("series", ""),
        "start": start.startswith(case["start"][:16]) and start.endswith(case["start"][16:]),
        "end": not case["end"] or end.startswith(case["end"][:16]),
        "consent": event.consent == case.get("consent", "record"),
        "people": named == {(kind, name) for kind, name, *_ in people},
        "bodies": all(not body or body[0] in beside.get(name, "") for _, name, *body in people),
        "kept": all(part in event.description for part in case.get("kept", ())),
        "out": not [part for part in case["out"] if part in public],
    }
    return [name for name in FIELDS if not right[name]]


def _public_text(event: Event) -> str:
    people = [f"{each.name} {each.role} {each.organization}" for each in event.performers]
    bodies = [each.name for each in event.organizers]
    return "\n".join((event.name, event.series or "", event.description, event.venue or "", *people, *bodies))
