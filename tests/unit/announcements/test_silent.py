"""What announcements once said in vain: titles like labels, people behind others, a second event, words of status."""

from datetime import timedelta

import pytest

from zoom_ops.events import Event
from zoom_ops.readers import read_events

WHEN = "Tuesday 6 April 2027, 18:00-19:00 London time"


def event_of(text: str) -> Event:
    (announced,) = read_events(text.encode(), "a.txt")
    return announced.event


def noted(event: Event) -> set[str]:
    return {note.field for note in event.needs_review}


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Geography Seminar\nPlace: why it matters", "Place: why it matters"),
        ("Biology Seminar\nHost: viruses and their homes", "Host: viruses and their homes"),
        ("Acoustics Seminar\nBackground: noise in cities", "Background: noise in cities"),
        ("Time: a short history", "Time: a short history"),
        ("Invitation: a history of manners", "Invitation: a history of manners"),
        ("our next online lecture:\n\nSalt and stone", "Salt and stone"),
        ("🌊 Tides 🌊", "Tides"),
        ("物理学院系列讲座\n量子计算与未来", "量子计算与未来"),
        ("The Honest Machine", "The Honest Machine"),
        ("Titel\tWem gehört der Mond?", "Wem gehört der Mond?"),
    ],
)
def test_title_is_read_as_it_stands(head: str, title: str) -> None:
    event = event_of(f"{head}\n{WHEN}\nSpeaker: Grace Hopper\n")

    assert (event.name, noted(event)) == (title, set())


@pytest.mark.parametrize(
    "head",
    [
        "Linguistics Circle\nLanguage: instinct or invention?",
        "our shared seas:\na story of salt",
        "When?\nA play in one act",
    ],
)
def test_one_of_two_lines_is_chosen_by_a_person(head: str) -> None:
    (note,) = event_of(f"{head}\n{WHEN}\nSpeaker: Grace Hopper\n").blocking_notes()

    assert (note.field, sorted(note.choices)) in [("name", sorted(head.split("\n"))), ("name", [])]


@pytest.mark.parametrize(
    "text",
    [
        f"Chemistry Circle\n{WHEN}\nSalt and stone\n",
        f"Salt and stone, {WHEN}\nA lecture for everyone\n",
        f"{WHEN}: Salt and stone\nFree entry\n",
        f"{WHEN}\nChemistry Lecture\nSalt and stone\n",
    ],
)
def test_title_beside_or_below_the_date_is_a_choice(text: str) -> None:
    event = event_of(text)

    (note,) = event.blocking_notes()
    assert note.choices[0] == event.name
    assert "Salt and stone" in note.choices


@pytest.mark.parametrize("head", ["Linguistics Circle", "Grace Hopper will speak on the tides of the sea."])
def test_line_that_may_be_no_title_is_doubted(head: str) -> None:
    assert "name" in noted(event_of(f"{head}\n{WHEN}\nSpeaker: Grace Hopper\n"))


@pytest.mark.parametrize(
    "label", ["Partners: Two bodies, one rhythm", "Hosts: Life inside others", "The chair: Ten ways to sit down"]
)
def test_title_like_a_label_of_people_is_a_choice(label: str) -> None:
    (note,) = event_of(f"Dance Week\n{label}\n{WHEN}\nSpeaker: Grace Hopper\n").blocking_notes()

    assert (note.field, note.choices) == ("name", ("Dance Week", label))


def test_title_beside_the_date_below_a_series_is_a_choice() -> None:
    (note,) = event_of(f"Tides Seminar Series\nSalt and stone – {WHEN}\n").blocking_notes()

    assert note.choices == ("Tides Seminar Series", "Salt and stone")


def test_title_below_the_date_is_a_choice_where_a_line_above_it_may_be_one() -> None:
    line = "The Weight of Water — a lunchtime talk by Dr Grace Hopper"
    (note,) = event_of(f"{line}\n{WHEN}\nBring your sandwiches\n").blocking_notes()

    assert (note.field, note.choices) == ("name", ("Bring your sandwiches", line))


def test_club_in_bold_is_not_the_title() -> None:
    event = event_of(f"**Old Town Book Club**\n\n*Middlemarch*\n\n{WHEN}\nHost: Grace Hopper\n")

    assert (event.name, event.blocking_notes()) == ("Middlemarch", ())


def test_label_with_a_bracket_and_short_line_has_its_people() -> None:
    assert [person.name for person in event_of(f"Tides\n{WHEN}\nSpeaker(s): Dr. Grace Hopper\n").performers] == [
        "Grace Hopper"
    ]


@pytest.mark.parametrize("line", [f"{WHEN}. Speaker: Grace Hopper", f"Speaker and date: Grace Hopper, {WHEN}"])
def test_person_beside_the_date_is_doubted(line: str) -> None:
    assert "performers" in noted(event_of(f"Tides\n{line}\n"))


def test_person_behind_a_label_of_the_title_is_doubted() -> None:
    (note,) = event_of(f"Salt and stone\n{WHEN}\nVortrag: Prof. Grace Hopper\n").blocking_notes()

    assert (note.field, set(note.choices)) == ("name", {"Salt and stone", "Prof. Grace Hopper"})


def test_end_with_its_own_date_is_the_end() -> None:
    event = event_of("Tides\nMon 5 April 2027 22:00 – Tue 6 April 2027 01:00, London time\n")

    assert (event.end - event.start, event.blocking_notes()) == (timedelta(hours=3), ())


def test_where_no_zone_is_written_the_likely_ones_are_choices() -> None:
    prose = "Una storia della città che non è ancora raccontata. La conferenza la racconta con il sale."
    (note,) = event_of(f"Il sale\nMartedì 6 aprile 2027, dalle 18 alle 19\n\n{prose}\n").blocking_notes()

    assert note.choices == ("UTC", "Europe/Rome")


@pytest.mark.parametrize("title", ["Salt Stone", "كيف تتنفس الجسور"])
def test_capitalised_title_beside_listed_speakers_is_no_person(title: str) -> None:
    assert not event_of(f"{title}\n{WHEN}\n\nSpeakers\n- Grace Hopper\n").blocking_notes()
    assert event_of(f"{title}\n{WHEN}\n").blocking_notes()


@pytest.mark.parametrize("title", ["Postgres Under Pressure", "The Quiet Machine", "How Cities Hear"])
def test_two_lines_go_straight_through_where_the_first_can_only_be_a_title(title: str) -> None:
    assert not event_of(f"{title}\n{WHEN}\n").blocking_notes()


@pytest.mark.parametrize(
    "club", ["Friends of the City Museum", "Old Coin Society", "Railway Club", "Tides Seminar Series"]
)
@pytest.mark.parametrize(
    "title", ["Please touch: museums today", "Please touch the glass", "Tickets: a social history"]
)
def test_title_like_an_instruction_is_a_choice(club: str, title: str) -> None:
    (note,) = event_of(f"{club}\n{title}\n{WHEN}\nSpeaker: Grace Hopper\n").blocking_notes()

    assert (note.field, note.choices) == ("name", (club, title))


def test_table_of_markdown_is_read() -> None:
    event = event_of(
        "| | |\n|:---|---:|\n| **Title** | Tides |\n| **When** | 6 April 2027, 18:00-19:00 London time |\n"
        "| **Speakers** | Grace Hopper; Ada Lovelace |\n"
    )

    assert (event.name, [person.name for person in event.performers]) == ("Tides", ["Grace Hopper", "Ada Lovelace"])
    assert event.needs_review == ()


@pytest.mark.parametrize(
    "line",
    [
        "With Dr Grace Hopper (Navy) and moderated by Dr Ada Lovelace",
        "Speakers: Grace Hopper, Navy, Ada Lovelace, NPL",
        "Ponentes: Dra. Grace Hopper (Universidad de Vigo) y D. Ada Lovelace (Aqualab)",
        "Speaker: Grace Hopper, joined by Ada Lovelace",
        "Speakers: Grace Hopper (Chair) | Ada Lovelace | Tim Fox",
        "Speakers: Mag. Grace Hopper und DI Ada Lovelace",
        "Chair: Grace Hopper\nVoices from the field: Okello John; Nakato Sarah",
    ],
)
def test_person_behind_another_is_doubted(line: str) -> None:
    assert noted(event_of(f"Tides\n{WHEN}\n{line}\n")) == {"performers"}


@pytest.mark.parametrize("head", ["Ada Lovelace (NPL): Tides", "Laudatorin: Ada Lovelace\nTides"])
def test_person_in_the_line_of_title_or_series_is_doubted(head: str) -> None:
    assert "performers" in noted(event_of(f"{head}\n{WHEN}\n"))


def test_people_between_semicolons_are_read_with_what_follows_their_dashes() -> None:
    event = event_of(f"Tides\n{WHEN}\nSpeakers: Grace Hopper - US Navy; Ada Lovelace - NPL\n")

    assert [(person.name, person.organization) for person in event.performers] == [
        ("Grace Hopper", "US Navy"),
        ("Ada Lovelace", "NPL"),
    ]


def test_sentence_about_a_speaker_is_no_role() -> None:
    event = event_of(f"Tides\n{WHEN}\n\nSpeakers\n\nGrace Hopper\nGrace Hopper is a professor at Yale. She sails.\n")

    assert [(person.name, person.role) for person in event.performers] == [("Grace Hopper", None)]
    assert "She sails." in event.description


def test_second_event_doubts_name_and_people() -> None:
    event = event_of(
        f"Tides\n{WHEN}\nSpeaker: Grace Hopper\n\nSalt\nTuesday 13 April 2027, 18:00-19:00 London time\n"
        "Speaker: Ada Lovelace\n"
    )

    assert {note.field: note.choices for note in event.needs_review} == {
        "start": ("2027-04-06T18:00", "2027-04-13T18:00"),
        "name": ("Tides", "Salt"),
        "performers": (),
    }


@pytest.mark.parametrize(
    "line", ["Die Veranstaltung fällt leider aus.", "La conférence n’aura pas lieu.", "The talk will not take place."]
)
def test_sentence_that_calls_an_event_off_holds_it(line: str) -> None:
    event = event_of(f"Tides\n{WHEN}\n{line}\n")

    assert event.status == "cancelled" or "start" in {note.field for note in event.blocking_notes()}


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Irish time, Dublin", "Europe/Dublin"), ("Berliner Zeit", "Europe/Berlin"), ("ora svizzera", "Europe/Zurich")],
)
def test_zone_is_read_from_the_name_of_a_country(zone: str, name: str) -> None:
    event = event_of(f"How bridges breathe\n6 April 2027, 18:00-19:00 ({zone})\n")

    assert (event.timezone, noted(event)) == (name, set())


@pytest.mark.parametrize(
    "when", ["Wed May 12 2027 12-1pm London time", "الأربعاء 12 مايو 2027، من 12:00 ظهراً إلى 1:00 مساءً، London time"]
)
def test_span_behind_a_weekday_is_read_whole(when: str) -> None:
    event = event_of(f"How bridges breathe\n{when}\n")

    assert (f"{event.start:%H:%M}", f"{event.end:%H:%M}") == ("12:00", "13:00")


def test_header_of_a_page_is_read_and_its_head_is_not() -> None:
    event = event_of(
        f"<html><head><title>Site</title></head><body><header><h1>Tides</h1></header><p>{WHEN}</p>"
        "<h2>Speakers</h2><ul><li>Grace Hopper PhD</li></ul></body></html>"
    )

    assert (event.name, [person.name for person in event.performers]) == ("Tides", ["Grace Hopper"])


@pytest.mark.parametrize("name", ["MOVED BY MUSIC", "THE TRIAL THAT WAS POSTPONED", "NEW TIME ZONES"])
def test_title_in_capitals_is_no_status(name: str) -> None:
    event = event_of(f"{name}\n{WHEN}\nSpeaker: Grace Hopper\n")

    assert (event.name, event.status) == (name, "scheduled")


@pytest.mark.parametrize(
    ("time", "place", "choices"),
    [
        ("14:00-15:00 GMT", "", ("UTC", "Europe/London")),
        ("14:00-15:00 GMT / 16:00-17:00 Geneva", "", None),
        ("14:00-15:00 GMT", "Venue: University of Ghana, Accra", None),
    ],
)
def test_gmt_in_summer_is_held_unless_another_place_settles_it(time: str, place: str, choices: object) -> None:
    event = event_of(f"Tides\n6 July 2027, {time}\n{place}\nSpeaker: Grace Hopper\n")

    assert [note.choices for note in event.blocking_notes()] == ([choices] if choices else [])


def test_page_on_one_line_is_read_block_by_block() -> None:
    event = event_of(f"<h1>Tides</h1><p>{WHEN}</p><h2>Speakers</h2><ul><li>Grace Hopper</li><li>Ada Lovelace</li></ul>")

    assert (event.name, [person.name for person in event.performers]) == ("Tides", ["Grace Hopper", "Ada Lovelace"])
    assert event.needs_review == ()


@pytest.mark.parametrize("line", ["Please do not record this session.", "Grace Hopper does not want to be taped."])
def test_announcement_that_may_refuse_a_recording_has_none_until_a_person_decides(line: str) -> None:
    event = event_of(f"Salt and stone\n{WHEN}\nSpeaker: Grace Hopper\n\nShe tells of salt. {line}\n")

    assert event.consent == "do_not_record"
    assert [(note.field, note.text) for note in event.needs_review] == [("recording", line)]


def test_join_link_of_another_webinar_is_no_venue() -> None:
    event = event_of(f"Salt and stone\n{WHEN}\nRoom: https://example.zoom.us/j/98765432101?pwd=abc, passcode 445566\n")

    assert event.venue is None
    assert "venue" in noted(event)
