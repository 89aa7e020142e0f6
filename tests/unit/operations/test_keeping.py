"""A doubtful import of a published event: what its readers rely on stays, and a note says what the import says."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import END, START, a_note, an_event
from zoom_ops.events import BLOCKING_FIELDS, Event
from zoom_ops.operations.events.keeping import keep_published

KNOWN = an_event()
LATER = {"start": START + timedelta(hours=5), "end": END + timedelta(hours=6), "display_times": ()}
DOUBT = a_note(field="start", text="13h30", reason="Which day?", choices=("2040-01-31T13:30", "2040-02-01T13:30"))


def test_doubtful_time_does_not_replace_a_published_one() -> None:
    imported = an_event(**LATER, venue="Pier 4", status="rescheduled", needs_review=(DOUBT,))

    stored = keep_published(KNOWN, imported)

    assert stored.model_copy(update={"needs_review": ()}) == an_event(venue="Pier 4")
    says = "the import says 2040-01-31T13:30 – 2040-01-31T15:45 America/New_York: Which day?"
    assert [(note.field, note.reason, note.choices) for note in stored.needs_review] == [
        (
            "start",
            f"the published time stays, and {says}",
            ("2040-01-31T08:30", "2040-01-31T13:30", "2040-02-01T13:30"),
        ),
        ("end", f"the published time stays, and {says}", ("2040-01-31T09:45", "2040-01-31T15:45")),
    ]


def test_time_of_another_zone_is_no_choice_of_the_published_one() -> None:
    doubt = a_note(field="timezone", reason="no zone is written", choices=("UTC", "Asia/Tokyo"))

    stored = keep_published(KNOWN, an_event(timezone="UTC", needs_review=(doubt,)))

    (note,) = stored.needs_review
    assert (stored.timezone, note.field, note.choices) == ("America/New_York", "timezone", ())
    assert "the import says 2040-01-31T13:30 – 2040-01-31T14:45 UTC" in note.reason


def test_doubtful_title_stays_and_the_new_one_is_a_choice() -> None:
    doubt = a_note(field="name", reason="Two lines may be the title", choices=("Ebb", "Flood"))

    stored = keep_published(KNOWN, an_event(name="Ebb", **LATER, needs_review=(doubt,)))

    assert (stored.name, stored.start) == (KNOWN.name, LATER["start"])
    assert stored.needs_review[0].choices == (KNOWN.name, "Ebb", "Flood")


def test_draft_takes_what_is_doubtful_and_an_edit_that_keeps_a_known_doubt_applies() -> None:
    imported = an_event(**LATER, needs_review=(DOUBT,))

    assert keep_published(an_event(visibility="draft"), imported) == imported
    assert keep_published(an_event(needs_review=(DOUBT,)), imported) == imported


@given(
    st.lists(st.sampled_from([*BLOCKING_FIELDS, "performers"]), max_size=4),
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.just("Ebb"),
            "start": st.just(START - timedelta(hours=1)),
            "end": st.just(END + timedelta(hours=1)),
            "timezone": st.just("Asia/Tokyo"),
        },
    ),
)
def test_no_field_in_doubt_changes_and_the_event_stays_in_doubt(fields: list[str], changes: dict[str, object]) -> None:
    imported = an_event(**changes, needs_review=tuple(a_note(field=field) for field in fields))

    stored = keep_published(KNOWN, imported)

    def told(event: Event) -> dict[str, object]:
        return {"name": event.name, "start": event.start, "end": event.end, "timezone": event.timezone}

    in_doubt = set(fields) & set(BLOCKING_FIELDS)
    assert all(told(stored)[field] == told(KNOWN)[field] for field in in_doubt)
    assert in_doubt <= {note.field for note in stored.needs_review} or stored.timezone == imported.timezone
    assert bool(stored.blocking_notes()) == bool(in_doubt)
    assert keep_published(KNOWN, keep_published(KNOWN, stored)) == keep_published(KNOWN, stored)
    if not in_doubt:
        assert stored == imported
