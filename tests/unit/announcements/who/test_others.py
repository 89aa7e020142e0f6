"""Whom a line names beside its first person, and which entries of a list of speakers are no people."""

import pytest

from zoom_ops.events import Event
from zoom_ops.readers import read_events

HEAD = "Tides\nTuesday 6 April 2027, 18:00-19:00 London time\n"


def event_of(text: str) -> Event:
    (announced,) = read_events(f"{HEAD}{text}\n".encode(), "a.txt")
    return announced.event


def noted(event: Event) -> set[str]:
    return {note.field for note in event.needs_review}


@pytest.mark.parametrize(
    "line",
    [
        "Speaker: Ann Lee, member of the Commission and Bob Ray",
        "Speaker: Ann Lee, Leeds University & Bob Ray, York University",
        "Speaker: Ann Lee, University of Leeds – moderator Bob Ray",
        "Speaker: Ann Lee (unfortunately Bob Ray had to withdraw)",
        "Speakers: Ann Lee, historian, Bob Ray, poet",
        "Speakers: Ann Lee, Bob Ray, University of York",
        "Speakers: Ann Lee (Leeds), Bob Ray (York) and others",
        "Speakers: Ann Lee (Leeds); Bob Ray (York); and others",
        "Speakers:\n- Ann Lee, Leeds University, in conversation with Bob Ray",
        "Speaker: Ann Lee. Respondent: Bob Ray.",
        "Speaker: Ann Lee. Bob Ray.",
        "Speaker: Dr Ann Lee (Leeds), Bob Ray",
        "Speaker: ANN LEE, Leeds University, and BOB RAY, York University",
        "Spreker: Jan Bos, Universiteit Leiden en Piet Mol, dichter",
        "Спикер: Мария Ли, профессор, модератор Иван Петров",
        "Speakers: Ann Lee; Bob Ray (cancelled)",
        "Introduce Carla Po, conduce Bruno Re\nRelatrice: Anna Neri",
        "Introduced by Oscar Zander, hosted by Carmen Sord\nSpeaker: Ann Lee",
        "Compère Oskar Zander\nSpeaker: Ann Lee",
        "Speaker: Ann Lee\nBob Ray chairs the evening",
    ],
)
def test_second_person_is_noted(line: str) -> None:
    assert "performers" in noted(event_of(line))


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee, Professor of Policy and Strategic Planning, University of Leeds",
        "Ann Lee, Minister of Culture and National Heritage, Poland",
        "Ann Lee, Department of History and Classical Archaeology, Leeds University",
        "Ann Lee, University of Trinidad and Tobago",
        "Ann Lee, Profesora en Ciencias Políticas, UNAM",
        "Ann Lee, maître de conférences à l'Université Lumière Lyon 2",
        "Ann Lee, Director, Climate Fund (CF)",
        "Ann Lee, Royal Botanic Gardens Kew, Head",
        "Ann Lee, Brown University, Rhode Island, USA",
    ],
)
def test_words_of_a_position_are_no_second_person(line: str) -> None:
    event = event_of(f"Organized by Global Witness\nSpeaker: {line}")

    assert ([person.name for person in event.performers], noted(event)) == (["Ann Lee"], set())


@pytest.mark.parametrize(
    "entry",
    [
        *("Owls Trust", "Natural England", "Open Mic", "Book Signing", "Drinks Reception", "Moonlight Hotel"),
        *("Channel Four", "The Guardian", "Klinikum Kassel", "Stadtbibliothek Köln", "Mesa Redonda", "Radio Popolare"),
    ],
)
def test_body_or_point_of_the_programme_is_left_out_with_a_note(entry: str) -> None:
    listed, labelled = event_of(f"Speakers:\n- Ann Lee, Head, ITU\n- {entry}"), event_of(f"Host: {entry}")

    assert ([person.name for person in listed.performers], labelled.performers) == (["Ann Lee"], ())
    assert "performers" in noted(listed) & noted(labelled)


def test_person_with_the_name_of_a_place_is_kept_with_a_note() -> None:
    event = event_of("Speakers:\n- Ann Gallery, Head, ITU\n- Dr. Bob Street, Dean, MIT")

    assert [person.name for person in event.performers] == ["Ann Gallery", "Bob Street"]
    assert [note.line for note in event.needs_review] == [4]


@pytest.mark.parametrize("line", ["Modera Elena Greco", "Referentin: Anna Lenz, ITU; Moderation Elena Greco"])
def test_part_before_a_name_needs_no_colon(line: str) -> None:
    event = event_of(f"Speakers:\n{line}")

    assert [(each.kind, each.name) for each in event.performers][-1] == ("moderator", "Elena Greco")
