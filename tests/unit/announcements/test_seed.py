"""The sample announcement that ships with the product, and its address book."""

from datetime import UTC, datetime
from importlib.resources import files

from zoom_ops.announcements.address_book import match_people, parse_people
from zoom_ops.events import Attachment, DisplayTime, Event, Organizer
from zoom_ops.readers import read_events

SAMPLE = files("zoom_ops") / "samples"
NAME = "ungis-wsis-2023.txt"


def read_sample(**options: str) -> Event:
    (announced,) = read_events((SAMPLE / NAME).read_bytes(), NAME, **options)  # type: ignore[arg-type]
    return announced.event


def test_sample_has_series_and_title() -> None:
    event = read_sample()

    assert event.series == "UNGIS side event at the 2023 ECOSOC Partnership Forum"
    assert event.name == "WSIS cooperation for accelerating progress on the SDGs"
    assert event.status == "scheduled"
    assert event.language == "en"


def test_sample_has_its_times() -> None:
    event = read_sample()

    assert event.start_utc == datetime(2023, 1, 31, 13, 30, tzinfo=UTC)
    assert event.end_utc == datetime(2023, 1, 31, 14, 45, tzinfo=UTC)
    assert event.timezone == "America/New_York"
    assert event.display_times == (
        DisplayTime(
            label="New York time", timezone="America/New_York", start="2023-01-31T08:30", end="2023-01-31T09:45"
        ),
        DisplayTime(label="Geneva time", timezone="Europe/Zurich", start="2023-01-31T14:30", end="2023-01-31T15:45"),
    )


def test_sample_has_its_organizers_and_venue() -> None:
    event = read_sample()

    assert event.organizers == (
        Organizer(name="United Nations Group on the Information Society", acronym="UNGIS"),
        Organizer(name="World Summit on the Information Society", acronym="WSIS"),
    )
    assert event.venue == "Zoom (webinar)"


def test_sample_has_its_six_speakers() -> None:
    event = read_sample()

    people = [(person.honorific, person.name, person.role, person.organization) for person in event.performers]
    congo = "Conference of Non-Governmental Organizations in Consultative Relationship with the United Nations (CoNGO)"
    assert people == [
        ("Mr.", "Tomas Lamanauskas", "Deputy Secretary-General", "ITU"),
        ("Dr.", "Tawfik Jelassi", "Assistant Director-General for Communication and Information", "UNESCO"),
        ("Mr.", "Jean Paul Adam", "Director Technology", "United Nations Economic Commission for Africa (ECA)"),
        ("Mr.", "Liberato C. Bautista", "President", congo),
        ("Ms.", "Mei Lin Fung", "Chair and Cofounder", "People Centered Internet and Impact Network"),
        ("Mr.", "Maikel Wilms", "Partner & Director", "The Boston Consulting Group"),
    ]
    assert {person.kind for person in event.performers} == {"speaker"}


def test_sample_keeps_its_description_in_paragraphs() -> None:
    event = read_sample()

    paragraphs = event.description.split("\n\n")
    assert len(paragraphs) == 5
    assert paragraphs[0].startswith("The achievement and the progress for 2030 Agenda")
    assert paragraphs[4].endswith("across the 2030 Agenda for Sustainable Development.")


def test_sample_expects_a_recording_that_an_operator_approves() -> None:
    event = read_sample()

    assert event.attachments == (Attachment(title="Recording", kind="recording", state="expected"),)
    assert event.attachments_note == "Please note some attachments are only available to UNGIS members."
    assert [(note.field, note.line) for note in event.needs_review] == [("recording", 33)]
    assert event.blocking_notes() == ()


def test_recording_visibility_settles_the_doubt() -> None:
    event = read_sample(recording_visibility="members")

    assert [entry.visibility for entry in event.attachments] == ["members"]
    assert event.needs_review == ()
    assert event.attachments_note is not None


def test_profile_and_account_are_taken_over() -> None:
    event = read_sample(profile="panel", account="main")

    assert (event.profile, event.account) == ("panel", "main")


def test_identity_is_series_and_name() -> None:
    (announced,) = read_events((SAMPLE / NAME).read_bytes(), NAME)

    assert announced.event.id.startswith("ungis-side-event-at-the-2023-ecosoc-partnership-forum-wsis-cooperation")
    assert not announced.id_given
    assert (announced.file, announced.line) == (NAME, 1)


def test_address_book_of_the_sample_has_all_its_speakers() -> None:
    book = parse_people((SAMPLE / "people.csv").read_bytes(), "people.csv")

    event = match_people(read_sample(), book)

    assert event.without_address() == ()
    assert {contact.email.rpartition("@")[2] for contact in book} == {"example.org"}


def test_sample_parses_alike_with_windows_line_ends_and_byte_order_mark() -> None:
    content = (SAMPLE / NAME).read_bytes()

    (announced,) = read_events(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"), NAME)

    assert announced.event == read_sample()
