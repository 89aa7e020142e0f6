"""E-mails that ask for an event, as people write them: each field as a careful person reads it, or a doubt."""

from datetime import date

import pytest

from tests.unit.announcements.cases import CASES as TEXTS
from tests.unit.announcements.cases import read_case
from tests.unit.readers.letters import CASES, FIELDS, NOTED, read_letter, wrong_fields
from zoom_ops.errors import BadInputError
from zoom_ops.readers import read_events

SEEN = [name for name, case in CASES.items() if not case.get("held")]
HELD = [name for name, case in CASES.items() if case.get("held")]
LEAST_HELD = 71  # of 72 fields: 8 before letters were read, 64 when they first were, 68 before the rest was looked at


@pytest.mark.parametrize("name", SEEN)
def test_letter_gives_its_event(name: str) -> None:
    assert wrong_fields(read_letter(name), CASES[name]) == []


def test_most_of_the_letters_held_back_are_read_and_nothing_is_wrong_in_silence() -> None:
    silent, wrong = [], 0
    for name in HELD:
        event = read_letter(name)
        fields = wrong_fields(event, CASES[name])
        wrong += len(fields)
        noted = {note.field for note in event.needs_review} if event else set()
        silent += [(name, field) for field in fields if NOTED.get(field, field) not in noted]

    assert len(HELD) * len(FIELDS) - wrong >= LEAST_HELD
    assert silent == []


def test_wishes_are_noted_and_do_not_become_public() -> None:
    event = read_letter("subject-is-title.eml")

    assert event
    assert [(note.field, note.text) for note in event.needs_review if note.field in ("wishes", "recording")] == [
        ("recording", "It is for members only."),
        ("wishes", "It is for members only."),
    ]


def test_each_wish_of_a_line_is_noted() -> None:
    event = read_letter("department.txt")

    assert event
    assert [(note.field, note.text) for note in event.needs_review if note.field in ("wishes", "recording")] == [
        ("wishes", "Simultaneous interpretation into Arabic would be appreciated."),
        ("recording", "The recording should be shared only with Member States."),
        ("wishes", "The recording should be shared only with Member States."),
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_announcement_holds_no_wish(name: str) -> None:
    assert "wishes" not in {note.field for note in read_case(name).needs_review}


ASKS = 'Hi, could you set up a webinar "How waves travel" on {day}, 14:00-15:00 UTC?\n'
SENT = "Subject: Request\nFrom: Ada\nDate: Thu, 10 Sep 2026 10:00\n\n"


@pytest.mark.parametrize(
    ("text", "today", "start", "choices"),
    [
        (SENT + ASKS.format(day="Thursday 8 October"), None, "2026-10-08", None),  # the weekday confirms the year
        (SENT + ASKS.format(day="8 October"), None, "2026-10-08", 2),
        (SENT + ASKS.format(day="8 January"), None, "2027-01-08", 2),
        (ASKS.format(day="Thursday 8 October"), date(2026, 9, 10), "2026-10-08", 0),
        (ASKS.format(day="Friday 8 October"), date(2026, 9, 10), "2027-10-08", 0),
        (ASKS.format(day="9 September"), date(2026, 9, 10), "2027-09-09", 2),  # yesterday is a choice
    ],
)
def test_date_without_a_year_is_the_next_such_day(
    text: str, today: date | None, start: str, choices: int | None
) -> None:
    (announced,) = read_events(text.encode(), "a.txt", today=today)

    notes = [note for note in announced.event.needs_review if note.field == "start"]
    assert f"{announced.event.start:%Y-%m-%d}" == start
    assert [len(note.choices) for note in notes] == ([] if choices is None else [choices])


def test_date_without_a_year_is_refused_where_no_day_is_known() -> None:
    with pytest.raises(BadInputError, match="the date has no year"):
        read_events(ASKS.format(day="8 October").encode(), "a.txt")


REFUSALS = [
    "Ada would rather the session not be taped.",
    "She isn't comfortable with being recorded.",
    "Please keep the recorder off.",
    "Please refrain from recording.",
    "Please switch the recording off!",
    "Ada asked that nobody film her.",
    "No recording - one panelist is a whistle-blower.",
    "- no video recording",
    "Merci de ne rien enregistrer.",
    "Speakers: Ada Lovelace, Radio Club of Example, and Bob Ray\nNo recording - one panelist is a whistle-blower.",
    "Bob can't attend in person and does not want to be recorded.",
    "Recording only if Ada agrees.",
    "Recording: to be discussed with Ada",
    "Record: N",
    "Please ask Ada before recording.",
    "Please nothing on tape.",
    "We'd like the talk to be live-only.",
    "Bitte ohne Aufzeichnung.",
    "Sin grabación, por favor.",
    "Best regards,\nBob\n\nPS: Ada does not want to be recorded.",
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_refusal_of_a_recording_is_heeded_in_any_words_and_stays_out_of_the_page(refusal: str) -> None:
    text = SENT + ASKS.format(day="8 October 2026") + f"\nAda tells how waves travel.\n\n{refusal}\n"

    (announced,) = read_events(text.encode(), "a.txt")

    assert announced.event.consent == "do_not_record"
    assert announced.event.description == "Ada tells how waves travel."


@pytest.mark.parametrize(
    "wish",
    ["Please don't forget to record it!", "We don't mind being recorded.", "Bob can't attend, so please record it."],
)
def test_wish_for_a_recording_is_no_refusal(wish: str) -> None:
    (announced,) = read_events((SENT + ASKS.format(day="8 October 2026") + f"\n{wish}\n").encode(), "a.txt")

    assert announced.event.consent == "record"


@pytest.mark.parametrize(
    "private",
    [
        "The test room is https://zoom.us/j/98765432101?pwd=abcDEF123 as always.",
        "The passcode of the room is 445566.",
        "Mot de passe de la salle : foret2027",
        "- PIN: 9911",
        "Dial-in for the rehearsal: +81 3 5550 0147.",
        "My mobile is 0170 5550123.",
        "Meeting-ID: 987 6543 2101, Kenncode: 445566",
        "The meeting ID is 987 6543 2101.",
        "For your eyes only: the director does not know.",
        "Don't tell Ada about the award!",
    ],
)
def test_ways_into_a_meeting_and_confidences_are_for_the_operator_alone(private: str) -> None:
    text = SENT + ASKS.format(day="8 October 2026") + f"\nAda tells how waves travel.\n\n{private}\n"

    (announced,) = read_events(text.encode(), "a.txt")

    assert announced.event.description == "Ada tells how waves travel."
    assert [note.text for note in announced.event.needs_review if note.field == "wishes"] == [private]


def test_refusal_above_a_forwarded_letter_is_heeded() -> None:
    labels = "From: Ada <ada@example.org>\nDate: Wed, 9 Sep 2026 at 10:00\nSubject: Request\n\n"
    text = f"FYI, Ada must not be recorded.\n\n{labels}{ASKS.format(day='8 October 2026')}"

    (announced,) = read_events(text.encode(), "a.txt")

    assert announced.event.consent == "do_not_record"
    assert "recording" in {note.field for note in announced.event.needs_review}


def test_speaker_with_the_name_of_a_sender_has_their_address_with_a_note() -> None:
    event = read_letter("booking-as-discussed.eml")

    assert event
    assert [(each.name, each.email) for each in event.performers] == [
        ("Jana Novak", "jana@example.org"),
        ("Omar Haddad", None),
    ]
    assert "Jana Novak, jana@example.org" in {note.text for note in event.needs_review}


def test_paragraph_that_speaks_to_an_operator_or_holds_an_address_is_left_out_with_a_note() -> None:
    said = "I shall send you the slides on Monday. Questions go to ada@example.org."
    text = SENT + ASKS.format(day="8 October 2026") + "\nAda tells how waves travel.\n\n" + said

    (announced,) = read_events(text.encode(), "a.txt")

    assert announced.event.description == "Ada tells how waves travel."
    assert [note.text for note in announced.event.needs_review if note.field == "description"] == [said]


def test_address_in_the_text_of_any_mail_is_a_doubt() -> None:
    head = "From: Ada <ada@example.org>\nSubject: How waves travel\nDate: Thu, 10 Sep 2026 10:00\n\n"
    text = f"{head}How waves travel\n\n8 October 2026, 14:00-15:00 UTC\n\nWaves travel. Write to bob@example.org.\n"

    (announced,) = read_events(text.encode(), "a.txt")

    assert [note.field for note in announced.event.needs_review] == ["description"]


def test_subject_of_a_kind_and_a_date_is_a_doubtful_title() -> None:
    head = "From: Ada <ada@example.org>\nSubject: Webinar on 8 October\nDate: Thu, 10 Sep 2026 10:00\n\n"
    text = f"{head}We would like to hold a webinar on 8 October 2026, 14:00-15:00 UTC.\n\nWaves travel far.\n"

    (announced,) = read_events(text.encode(), "a.eml")

    assert "name" in {note.field for note in announced.event.needs_review}
