"""An event's page as values: what a reader is told in which state."""

from datetime import datetime, timedelta

import pytest

from tests.builders import (
    AGENDA,
    AMARA,
    BASE_URL,
    END,
    JONAS,
    MEI,
    NOW,
    RECORDING_EXPECTED,
    SLIDES,
    START,
    TOMAS,
    YUSUF,
    a_publication,
    an_attachment,
    an_event,
)
from zoom_ops.access import VISITOR, Shown, show_event
from zoom_ops.events import Event, Publication
from zoom_ops.web.language import ENGLISH
from zoom_ops.web.view import Banner, Entry, Watch, group_performers, make_initials, version_of, view_event

LONG_AFTER = END + timedelta(days=1)


def as_visitor(event: Event, *publications: Publication) -> Shown:
    return show_event(event, publications, VISITOR)


def test_performers_stand_in_groups_in_the_order_of_the_page() -> None:
    groups = group_performers((YUSUF, TOMAS, JONAS, AMARA, MEI), ENGLISH)

    assert [(group.heading, group.people) for group in groups] == [
        ("Moderator", (AMARA,)),
        ("Opening remarks", (YUSUF,)),
        ("Speakers", (JONAS, MEI)),
        ("Interpretation", (TOMAS,)),
    ]


@pytest.mark.parametrize(
    ("changes", "banner"),
    [
        ({}, None),
        ({"status": "cancelled"}, Banner(kind="cancelled", title="Cancelled", text="This event has been cancelled.")),
        (
            {"status": "rescheduled", "previous_start": START - timedelta(days=7)},
            Banner(
                kind="rescheduled",
                title="Rescheduled",
                text="This event was first announced for Tuesday 24 January 2040, 08:30 EST.",
            ),
        ),
    ],
)
def test_banner_says_what_a_reader_must_not_miss(changes: dict[str, object], banner: Banner | None) -> None:
    page = view_event(as_visitor(an_event(**changes)), BASE_URL, NOW, ENGLISH)

    assert page.banner == banner


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (NOW, "Recording expected after the event"),
        (START, "Recording expected after the event"),
        (LONG_AFTER, "The recording is being prepared and will appear here."),
    ],
)
def test_expectation_follows_the_time(now: datetime, sentence: str) -> None:
    page = view_event(as_visitor(an_event()), BASE_URL, now, ENGLISH)

    assert page.expectation == sentence


def test_cancelled_event_expects_no_recording() -> None:
    page = view_event(as_visitor(an_event(status="cancelled")), BASE_URL, NOW, ENGLISH)

    assert page.expectation is None
    assert [entry.note for entry in page.entries] == [None, None]


def test_published_recording_takes_the_place_of_the_expectation() -> None:
    page = view_event(as_visitor(an_event(), a_publication()), BASE_URL, LONG_AFTER, ENGLISH)

    assert page.expectation is None
    assert page.news == "The recording is available."
    assert page.watches == (
        Watch(
            address=f"/events/{an_event().id}/recording",
            title="Recording",
            label="Watch recording",
            detail="1 h 15 min · 31 January 2040",
        ),
    )


def test_parts_of_a_recording_are_told_apart() -> None:
    second = a_publication(recording_uuid="second", part=2, title="Recording, part 2", duration=12)
    shown = as_visitor(an_event(), second, a_publication(title="Recording, part 1"))

    page = view_event(shown, BASE_URL, LONG_AFTER, ENGLISH)

    assert [watch.label for watch in page.watches] == ["Watch part 1", "Watch part 2"]


def test_entries_link_only_what_is_there_and_on_the_web() -> None:
    attachments = (
        AGENDA,
        SLIDES,  # for members
        an_attachment(title="Transcript", kind="transcript", url="https://example.org/t", state="withdrawn"),
        RECORDING_EXPECTED,
        AGENDA.model_copy(update={"title": "Trap", "url": "javascript:alert(1)"}),
        AGENDA.model_copy(update={"title": "Broken", "url": "https://[example"}),
    )

    page = view_event(as_visitor(an_event(attachments=attachments)), BASE_URL, NOW, ENGLISH)

    assert page.entries == (
        Entry(
            title="Agenda",
            kind="link",
            kind_name="Link",
            address="https://example.org/agenda.pdf",
            place="example.org",
        ),
        Entry(title="Transcript", kind="transcript", kind_name="Transcript", note="No longer available"),
        Entry(title="Recording", kind="recording", kind_name="Recording", note="Expected after the event"),
        Entry(title="Trap", kind="link", kind_name="Link"),
        Entry(title="Broken", kind="link", kind_name="Link"),
    )


def test_version_changes_only_with_what_the_reader_may_see() -> None:
    version = version_of(as_visitor(an_event()))

    assert (
        version_of(as_visitor(an_event(account="other", attachments=(AGENDA, RECORDING_EXPECTED, SLIDES)))) == version
    )
    assert version_of(as_visitor(an_event(), a_publication(visibility="members"))) != ""
    assert version_of(as_visitor(an_event(), a_publication())) != version


def test_page_turns_when_the_event_begins_and_when_it_ends() -> None:
    turns = [view_event(as_visitor(an_event()), BASE_URL, now, ENGLISH).turns_at for now in (NOW, START, END)]

    assert turns == [START, END, None]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Amara Diallo", "AD"), ("Jean Paul Adam", "JA"), ("Mei", "M"), ("Liberato C. Bautista", "LB"), ("42", "")],
)
def test_initials_are_of_first_and_last_name(name: str, initials: str) -> None:
    assert make_initials(name) == initials
