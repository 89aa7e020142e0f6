"""Three states of an event become one: nobody's work is lost, and the home wins where it changed something."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import AGENDA, AMARA, JONAS, MEI, RECORDING_EXPECTED, SLIDES, YUSUF, a_note, an_event
from zoom_ops.events import Attachment, Event, Performer
from zoom_ops.operations.homes.merge import merge

TIDES = an_event()
PEOPLE = (AMARA, JONAS, MEI, YUSUF)
LINKS = (AGENDA, SLIDES, RECORDING_EXPECTED, Attachment(title="Map", url="https://example.org/map"))
UNSET = {
    "name": ("Tides", "Ebbs"),
    "description": ("", "A text.", "Another."),
    "venue": (None, "Pier 3"),
    "status": ("scheduled", "cancelled"),
}


def performers() -> st.SearchStrategy[tuple[Performer, ...]]:
    changed = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("Director", "Dean", None)))
    people = changed.map(lambda pair: pair[0].model_copy(update={"role": pair[1]}))
    return st.lists(people, max_size=4, unique_by=lambda person: person.name).map(tuple)


def attachments() -> st.SearchStrategy[tuple[Attachment, ...]]:
    changed = st.tuples(st.sampled_from(LINKS), st.sampled_from(("public", "members")))
    links = changed.map(lambda pair: pair[0].model_copy(update={"visibility": pair[1]}))
    return st.lists(links, max_size=4, unique_by=lambda link: link.title).map(tuple)


def events() -> st.SearchStrategy[Event]:
    chosen = {name: st.sampled_from(values) for name, values in UNSET.items()}
    fields = st.fixed_dictionaries({**chosen, "performers": performers(), "attachments": attachments()})
    return fields.map(lambda values: TIDES.model_copy(update=values))


@given(events(), events())
def test_home_that_says_the_same_changes_nothing(base: Event, ours: Event) -> None:
    assert merge(base, base, ours) == ours


@given(events(), events())
def test_event_that_nobody_changed_here_becomes_what_the_home_says(base: Event, theirs: Event) -> None:
    merged = merge(base, theirs, base)

    recordings = [entry for entry in base.attachments if entry.kind == "recording"]
    kept = tuple(entry for entry in recordings if not any(said.kind == "recording" for said in theirs.attachments))
    assert merged == theirs.model_copy(update={"attachments": (*theirs.attachments, *kept)})


@given(events(), events(), events())
def test_what_was_merged_is_merged(base: Event, theirs: Event, ours: Event) -> None:
    merged = merge(base, theirs, ours)

    assert merge(theirs, theirs, merged) == merged


@given(events(), events(), events())
def test_people_added_here_stay_and_people_that_the_home_took_out_go(base: Event, theirs: Event, ours: Event) -> None:
    names = {person.name for person in merge(base, theirs, ours).performers}
    before, now, here = ({person.name for person in event.performers} for event in (base, theirs, ours))

    assert here - before <= names
    assert not (before - now) & names
    assert now - before <= names


@given(events(), events(), events())
def test_entry_for_members_is_for_everybody_only_if_the_home_changed_it(
    base: Event, theirs: Event, ours: Event
) -> None:
    merged = {entry.title: entry.visibility for entry in merge(base, theirs, ours).attachments}
    before, now, here = ({entry.title: entry for entry in event.attachments} for event in (base, theirs, ours))

    for title, entry in here.items():
        if entry.visibility == "members" and merged.get(title) == "public":
            assert title in now
            assert title in before
            assert before[title] != now[title]


@pytest.mark.parametrize(
    ("before", "now", "keeps"),
    [
        ("Jonas Lindqvist", "Jonas E. Lindqvist", True),
        ("Jonas E. Lindqvist", "Jonas Lindqvist", True),
        ("Jonas Lindqvist", "Jonas Berg", False),
        ("Jonas", "Jonas Berg", False),
    ],
)  # fmt: skip
def test_address_follows_a_completed_name_and_no_other_person(before: str, now: str, keeps: bool) -> None:
    bare = JONAS.model_copy(update={"email": None})
    base, theirs = (an_event(performers=(bare.model_copy(update={"name": name}),)) for name in (before, now))
    ours = an_event(performers=(JONAS.model_copy(update={"name": before}),))

    (person,) = merge(base, theirs, ours).performers

    assert (person.name, person.email) == (now, JONAS.email if keeps else None)


def test_link_with_another_address_keeps_for_whom_it_is() -> None:
    moved = AGENDA.model_copy(update={"url": "https://example.org/agenda-2.pdf"})
    hidden = AGENDA.model_copy(update={"visibility": "members"})

    merged = merge(an_event(attachments=(AGENDA,)), an_event(attachments=(moved,)), an_event(attachments=(hidden,)))

    assert merged.attachments == (moved.model_copy(update={"visibility": "members"}),)


def test_own_link_in_the_home_is_no_entry_of_the_home() -> None:
    own = "https://events.example.org/events/tides/recording"
    shown = an_event(attachments=(AGENDA, Attachment(title="Recording", url=f"{own}?part=1")))

    merged = merge(an_event(attachments=(AGENDA,)), shown, an_event(attachments=(AGENDA,)), own=own)

    assert merged.attachments == (AGENDA,)


def test_times_stay_together() -> None:
    base, later = an_event(), an_event(end="2040-01-31T15:30:00+00:00")
    ours = an_event(start="2040-01-31T10:00:00+00:00", end="2040-01-31T11:00:00+00:00")

    merged = merge(base, later, ours)

    assert (merged.start, merged.end) == (later.start, later.end)


def test_doubt_that_is_open_here_is_offered_again() -> None:
    note = a_note(field="start", text="half past", reason="Which one?")
    doubtful: dict[str, Any] = {"start": "2040-01-31T13:00:00+00:00", "needs_review": (note,)}
    base, theirs = an_event(**doubtful), an_event(**doubtful, description="New.")
    held = an_event(needs_review=(note,))

    assert merge(base, theirs, held).start == theirs.start
    assert merge(base, theirs, an_event()).start == an_event().start


def test_first_state_of_a_known_event_takes_nothing_out() -> None:
    said = Event.model_validate(
        {
            "id": "x", "name": "Tides", "start": "2040-01-31T13:30:00Z", "end": "2040-01-31T14:45:00Z",
            "timezone": "America/New_York", "performers": [{"name": "Amara Diallo"}],
            "attachments": [{"title": "Slides", "url": SLIDES.url}],
        }
    )  # fmt: skip
    ours = an_event(attachments=(SLIDES, RECORDING_EXPECTED), consent="do_not_record")

    merged = merge(None, said, ours)

    assert merged.name == "Tides"
    assert (merged.description, merged.consent, merged.series) == (ours.description, "do_not_record", ours.series)
    assert (merged.performers, merged.attachments) == (ours.performers, ours.attachments)


def test_field_about_which_the_home_says_nothing_stays() -> None:
    assert merge(an_event(venue="A"), an_event(venue="B"), an_event(venue="C"), unsaid=("venue",)).venue == "C"


@pytest.mark.parametrize(("changed", "stays"), [({"description": "Another."}, True), ({"name": "Ebbs"}, False)])
def test_doubt_of_another_source_stays_until_the_home_settles_it(changed: dict[str, Any], stays: bool) -> None:
    doubt = a_note(field="name", text="Tides → Ebbs", reason="a letter calls it Ebbs")
    ours = TIDES.model_copy(update={"needs_review": (doubt,)})

    merged = merge(TIDES, TIDES.model_copy(update=changed), ours)

    assert merged.needs_review == ((doubt,) if stays else ())


def test_doubt_that_the_home_takes_back_is_over() -> None:
    said, kept = a_note(field="start", text="6 pm"), a_note(field="end", text="6 pm → 18:00")
    base, ours = (TIDES.model_copy(update={"needs_review": notes}) for notes in ((said,), (said, kept)))

    assert merge(base, TIDES, ours).needs_review == ()
