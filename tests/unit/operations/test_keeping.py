"""A doubtful import of a known event: what readers rely on and what was answered stays, and a note says the rest."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import END, START, a_note, an_event
from zoom_ops.events import BLOCKING_FIELDS, Event, ReviewNote
from zoom_ops.operations.events.keeping import answers_between, keep_decided

KNOWN = an_event()
LATER = {"start": START + timedelta(hours=5), "end": END + timedelta(hours=6), "display_times": ()}
DOUBT = a_note(field="start", text="13h30", reason="Which day?", choices=("2040-01-31T13:30", "2040-02-01T13:30"))


def keep(known: Event, imported: Event, *approved: tuple[str, str]) -> Event:
    """Import an event with these fields and texts approved."""

    def is_approved(note: ReviewNote) -> bool:
        return (note.field, note.text) in approved

    return keep_decided(known, imported, is_approved)


def test_doubtful_time_does_not_replace_a_published_one() -> None:
    imported = an_event(**LATER, venue="Pier 4", status="rescheduled", needs_review=(DOUBT,))

    stored = keep(KNOWN, imported)

    assert stored.model_copy(update={"needs_review": ()}) == an_event(venue="Pier 4")
    says = "the import says 2040-01-31T13:30 – 2040-01-31T15:45 America/New_York: Which day?"
    assert [(note.field, note.reason, note.choices) for note in stored.needs_review] == [
        (
            "start",
            f"the stored time stays, and {says}",
            ("2040-01-31T08:30", "2040-01-31T13:30", "2040-02-01T13:30"),
        ),
        ("end", f"the stored time stays, and {says}", ("2040-01-31T09:45", "2040-01-31T15:45")),
    ]


def test_time_of_another_zone_is_no_choice_of_the_published_one() -> None:
    doubt = a_note(field="timezone", reason="no zone is written", choices=("UTC", "Asia/Tokyo"))

    stored = keep(KNOWN, an_event(timezone="UTC", needs_review=(doubt,)))

    (note,) = stored.needs_review
    assert (stored.timezone, note.field, note.choices) == ("America/New_York", "timezone", ())
    assert "the import says 2040-01-31T13:30 – 2040-01-31T14:45 UTC" in note.reason


def test_doubtful_title_stays_and_the_new_one_is_a_choice() -> None:
    doubt = a_note(field="name", reason="Two lines may be the title", choices=("Ebb", "Flood"))

    stored = keep(KNOWN, an_event(name="Ebb", **LATER, needs_review=(doubt,)))

    assert (stored.name, stored.start) == (KNOWN.name, LATER["start"])
    assert stored.needs_review[0].choices == (KNOWN.name, "Ebb", "Flood")


def test_word_in_a_doubtful_title_that_may_be_the_status_leaves_it() -> None:
    doubt = a_note(field="name", text="CANCELLED: Tides", reason="a word in it may be the status, cancelled")
    cancelled = an_event(status="cancelled", needs_review=(doubt,))

    stored = keep(KNOWN, cancelled)

    assert (stored.status, stored.name) == ("scheduled", KNOWN.name)
    assert f"the import says {KNOWN.name!r}, cancelled: " in stored.needs_review[0].reason
    assert keep(an_event(status="cancelled"), cancelled, ("name", stored.needs_review[0].text)).needs_review == ()


def test_event_whose_title_was_approved_can_be_cancelled() -> None:
    doubt = a_note(field="name", text="Tides &amp; Ebb", reason="the title is written as HTML")

    stored = keep(KNOWN, an_event(status="cancelled", needs_review=(doubt,)), ("name", doubt.text))

    assert stored == an_event(status="cancelled")


def test_draft_takes_what_is_doubtful_and_an_edit_that_keeps_a_known_doubt_applies() -> None:
    imported = an_event(**LATER, needs_review=(DOUBT,))
    published = an_event(needs_review=(DOUBT,))

    assert keep(an_event(visibility="draft"), imported) == imported
    assert keep(published, imported).start == START
    assert keep_decided(published, imported, lambda _: False, seen=published.needs_review) == imported


@pytest.mark.parametrize("visibility", ["draft", "listed"])
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"start": START + timedelta(hours=1)},
        {"timezone": "America/Chicago"},
        {"name": "Flood"},
        {"status": "cancelled"},
    ],
    ids=lambda answer: "".join(answer) or "as it stands",
)
def test_answer_stays_when_the_same_is_imported_again(visibility: str, answer: dict[str, Any]) -> None:
    """It is neither reverted nor asked about again, and what the import says otherwise is asked about."""
    doubts = (DOUBT, a_note(field="timezone", text="ET"), a_note(field="name", text="Ebb"))
    asked = an_event(visibility=visibility, needs_review=doubts)
    saved = an_event(**{"visibility": visibility, **answer})
    approved = answers_between(asked, saved)

    again = keep(saved, asked, *approved)
    other = keep(saved, asked.model_copy(update={"end": END + timedelta(hours=6)}), *approved)

    assert again == saved
    assert other.end == END
    assert {note.field for note in other.needs_review} >= ({"timezone"} if "timezone" in answer else {"start", "end"})


def test_answer_in_the_record_alone_is_asked_about_once() -> None:
    """As with one that was approved before approvals held what the import says."""
    asked, saved = an_event(visibility="draft", **LATER, needs_review=(DOUBT,)), an_event(visibility="draft")

    first = keep(saved, asked, ("start", DOUBT.text))
    texts = [(note.field, note.text) for note in first.needs_review]
    second = keep(first, asked, ("start", DOUBT.text), *texts)

    assert (first.start, [field for field, _ in texts]) == (START, ["start", "end"])
    assert second == saved


def test_doubts_that_are_answered_one_by_one_stay_answered() -> None:
    hour, day = a_note(field="start", text="2:30"), a_note(field="start", text="3/4")
    asked = an_event(visibility="draft", needs_review=(hour, day))
    first = an_event(visibility="draft", **LATER, needs_review=(day,))
    second = an_event(visibility="draft", **LATER)
    approved = (*answers_between(asked, first), *answers_between(first, second))

    assert keep(second, asked, *approved) == second
    assert keep(first, asked, *answers_between(asked, first)).start == LATER["start"]


def test_time_of_the_import_that_was_chosen_is_settled() -> None:
    asked = an_event(**LATER, needs_review=(DOUBT,))
    held = keep(KNOWN, asked)
    chosen = an_event(**LATER)

    assert keep(chosen, asked, *answers_between(held, chosen)) == chosen


def test_text_with_another_open_doubt_is_not_approved_yet() -> None:
    day, hour = a_note(field="start", text="3/4, 2:30", reason="day"), a_note(field="start", text="3/4, 2:30")
    asked = an_event(needs_review=(day, hour))

    assert answers_between(asked, an_event(needs_review=(day,), **LATER)) == ()
    assert ("start", "3/4, 2:30") in answers_between(asked, an_event())


@given(
    st.lists(st.sampled_from([*BLOCKING_FIELDS, "performers"]), max_size=5),
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.just("Ebb"),
            "start": st.just(START - timedelta(hours=1)),
            "end": st.just(END + timedelta(hours=1)),
            "timezone": st.just("Asia/Tokyo"),
            "status": st.just("cancelled"),
        },
    ),
)
def test_no_field_in_doubt_changes_and_the_event_stays_in_doubt(fields: list[str], changes: dict[str, object]) -> None:
    imported = an_event(**changes, needs_review=tuple(a_note(field=field) for field in fields))

    stored = keep(KNOWN, imported)

    def told(event: Event) -> dict[str, object]:
        return {"name": event.name, "start": event.start, "end": event.end, "timezone": event.timezone}

    in_doubt = set(fields) & set(BLOCKING_FIELDS)
    assert all(told(stored)[field] == told(KNOWN)[field] for field in in_doubt)
    parts = {"start", "end"} if "timezone" not in changes and changes.keys() & {"start", "end"} else {"timezone"}
    noted = {part for field in in_doubt for part in (parts if field == "timezone" else {field})}
    assert noted <= {note.field for note in stored.needs_review}
    assert "name" not in in_doubt or stored.status == KNOWN.status
    assert bool(stored.blocking_notes()) == bool(in_doubt)
    assert keep(KNOWN, keep(KNOWN, stored)) == keep(KNOWN, stored)
    if not in_doubt:
        assert stored == imported
