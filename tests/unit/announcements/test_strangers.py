"""Announcements that the reader was not written for: it reads a field as a person does, or says that it is unsure."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from zoom_ops.errors import BadInputError
from zoom_ops.events import Event
from zoom_ops.readers import read_events

Case = Mapping[str, Any]
STRANGERS: list[Case] = yaml.load(
    (Path(__file__).parent / "strangers.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
REFUSED = {"Who owns the night? Light, noise and sleep in cities", "The Long Harvest"}  # no year; no date at all


@pytest.mark.parametrize("case", STRANGERS, ids=lambda case: case["name"][:40])
def test_nothing_is_wrong_in_silence(case: Case) -> None:
    try:
        (announced,) = read_events(case["text"].encode(), "a.txt")
    except BadInputError:
        assert case["name"] in REFUSED
        return
    event = announced.event

    told_apart = {note.field for note in event.needs_review}
    assert _as_expected(event, case) or event.blocking_notes()
    assert sorted(person.name for person in event.performers) == sorted(case["people"]) or "performers" in told_apart


def test_most_go_through_or_need_one_choice() -> None:
    read = [_read(case) for case in STRANGERS]

    settled = [event for event in read if event and all(note.choices for note in event.blocking_notes())]
    straight = [event for event in settled if not event.blocking_notes()]

    assert (len(read), len(settled) >= 82, len(straight) >= 35) == (99, True, True)


def _read(case: Case) -> Event | None:
    try:
        (announced,) = read_events(case["text"].encode(), "a.txt")
    except BadInputError:
        return None
    return announced.event


def _as_expected(event: Event, case: Case) -> bool:
    moments = [datetime.fromisoformat(case[key]) for key in ("start", "end")]
    return (event.name, event.status, event.start, event.end, event.start.utcoffset()) == (
        case["name"],
        case.get("status", "scheduled"),
        *moments,
        moments[0].utcoffset(),
    )
