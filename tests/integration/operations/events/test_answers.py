"""Answers to doubts, when the same file is imported again: none is reverted, and none is asked for anew."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import AN_OPERATOR, END, EVENT_ID, a_note, an_event
from tests.integration.service import Service
from zoom_ops.events import Event
from zoom_ops.operations.events.decisions import approve_event
from zoom_ops.operations.events.editing import find_revision, patch_event
from zoom_ops.operations.events.saving import create_event, save_edit
from zoom_ops.operations.events.undoing import undo_edit
from zoom_ops.readers import Announced, read_events

TABLE = "Id,Title,Date,Time,Duration,Time zone\nlecture,Waves,{},{},60,Europe/Zurich\n"
IN_DOUBT = TABLE.format("2040-04-03", "2:30")
AFTERNOON = {"start": "2040-04-03T14:30+02:00", "end": "2040-04-03T15:30+02:00"}
HOUR = timedelta(hours=1)


def answer(service: Service, **changes: Any) -> Event:
    """Save an event as the form does, with all doubts answered by these values."""
    event = service.event("lecture")
    whole = Event.model_validate(event.model_dump() | changes | {"needs_review": ()})
    announced = Announced(event=whole, id_given=True, file="form", line=1)
    revision = find_revision(service.context, "lecture")
    return save_edit(service.context, announced, AN_OPERATOR, event, revision=revision).event


@pytest.mark.parametrize("visibility", ["draft", "listed"])
def test_answer_by_another_choice_stays(service: Service, visibility: str) -> None:
    (first,) = service.read(IN_DOUBT, "a.csv")
    answered = answer(service, visibility=visibility, **AFTERNOON)

    (again,) = service.read(IN_DOUBT, "a.csv")

    assert first.event.blocking_notes()[0].choices == ("2040-04-03T02:30", "2040-04-03T14:30")
    assert (answered.visibility, f"{again.event.start:%H:%M}") == (visibility, "14:30")
    assert (again.action, again.event.needs_review) == ("unchanged", ())


def test_answer_of_a_new_event_from_a_file_stays(service: Service) -> None:
    (read,) = read_events(IN_DOUBT.encode(), "a.csv")
    typed = Event.model_validate(read.event.model_dump() | AFTERNOON | {"needs_review": ()})
    announced = Announced(event=typed, id_given=True, file="a.csv", line=2)
    create_event(service.context, announced, AN_OPERATOR, read.event)

    (again,) = service.read(IN_DOUBT, "a.csv")

    assert (again.action, f"{again.event.start:%H:%M}") == ("unchanged", "14:30")


def test_time_that_is_changed_before_its_doubt_is_approved_is_asked_about_once(service: Service) -> None:
    service.read(IN_DOUBT, "a.csv")
    patch_event(service.context, "lecture", AFTERNOON, AN_OPERATOR, None)
    approve_event(service.context, "lecture", AN_OPERATOR)

    (asked,) = service.read(IN_DOUBT, "a.csv")
    approve_event(service.context, "lecture", AN_OPERATOR)
    (again,) = service.read(IN_DOUBT, "a.csv")

    assert {note.field for note in asked.event.needs_review} == {"start", "end"}
    assert (again.action, f"{again.event.start:%H:%M}", again.event.needs_review) == ("unchanged", "14:30", ())


def test_time_of_the_import_that_was_chosen_stays_settled(service: Service) -> None:
    service.read(TABLE.format("2040-04-03", "14:30"), "a.csv")
    (held,) = service.read(IN_DOUBT, "a.csv")
    answer(service, start="2040-04-03T02:30+02:00", end="2040-04-03T03:30+02:00")

    (again,) = service.read(IN_DOUBT, "a.csv")

    assert (f"{held.event.start:%H:%M}", held.event.visibility) == ("14:30", "listed")
    assert (again.action, again.event.needs_review) == ("unchanged", ())


def test_doubt_that_is_noted_already_holds_an_import_and_no_edit(service: Service) -> None:
    doubt = a_note(field="timezone", text="Zurich", reason="no time zone is written")
    service.add(an_event())
    service.add(an_event(needs_review=(doubt,)))

    edited = patch_event(service.context, EVENT_ID, {"end": (END + HOUR).isoformat()}, AN_OPERATOR, None)
    (imported,) = service.add(an_event(end=END + 2 * HOUR, needs_review=(doubt,)))

    assert edited.event.end == END + HOUR
    assert imported.event.end == END + HOUR
    assert "the import says" in imported.event.needs_review[0].reason


def test_undo_opens_what_was_answered(service: Service) -> None:
    service.read(IN_DOUBT, "a.csv")
    answer(service, visibility="draft", **AFTERNOON)

    undo_edit(service.context, "lecture", AN_OPERATOR, revision=find_revision(service.context, "lecture"))
    (again,) = service.read(IN_DOUBT, "a.csv")

    assert (again.action, f"{again.event.start:%H:%M}") == ("unchanged", "02:30")
    assert again.event.blocking_notes()
