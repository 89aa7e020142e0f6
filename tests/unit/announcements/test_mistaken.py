"""Announcements that were once read wrongly without a note: joined people, noon and midnight, wrong languages."""

import pytest

from zoom_ops.events import Event
from zoom_ops.phrases.language import guess_language
from zoom_ops.readers import read_events

WRAPPED = """This is a text that somebody wrote with a mail program and
that was wrapped at a width of about sixty characters, so that
its lines have to be joined together again to be read as one.
"""


def event_of(
    text: str, *, when: str = "31 January 2024, 14:00-15:30, Geneva time", head: str = "Fish and trade"
) -> Event:
    (announced,) = read_events(f"{head}\n{when}\n\n{text}".encode(), "a.txt")
    return announced.event


def fields(event: Event) -> list[str]:
    return [note.field for note in event.needs_review]


@pytest.mark.parametrize("before", ["", WRAPPED])
def test_lines_without_bullets_begin_a_person_each(before: str) -> None:
    lines = """
Speakers
H.E. Mr. Sione Taufa, Minister of Fisheries of the Kingdom, Tonga
Opening remarks by Dr. Ngozi Test, Director-General of the Body, WTO
TBC, FAO
Grace Hopper, Rear Admiral and Director of Programming, US Navy
Keynote by Ada Lovelace, ITU
Closing remarks by Alan Turing, Director, NPL
"""

    event = event_of(f"{before}{lines}")

    assert [(each.kind, each.name, each.organization) for each in event.performers] == [
        ("speaker", "Sione Taufa", "Tonga"),
        ("opening", "Ngozi Test", "WTO"),
        ("speaker", "Grace Hopper", "US Navy"),
        ("speaker", "Ada Lovelace", "ITU"),
        ("closing", "Alan Turing", "NPL"),
    ]
    assert fields(event) == ["performers"]


@pytest.mark.parametrize(
    ("when", "reading"),
    [
        ("11 am - 12 am", "13 h is written: 11:00 to 00:00 (taken); or 1 h: 11:00 to 12:00"),
        ("10.30 - 12.00 a.m.", "13 h 30 min is written: 10:30 to 00:00 (taken); or 1 h 30 min: 10:30 to 12:00"),
        ("12 am - 1 pm", "13 h is written: 00:00 to 13:00 (taken); or 1 h: 12:00 to 13:00"),
        ("08:00-17:30", "9 h 30 min is written: 08:00 to 17:30 (taken)"),
    ],
)
def test_long_event_is_held_back_with_both_readings(when: str, reading: str) -> None:
    event = event_of("", when=f"31 January 2024, {when}, London time")

    assert [note.reason for note in event.blocking_notes()] == [f"an event of {reading}"]


@pytest.mark.parametrize("when", ["09:00-17:00", "10 pm - 12 am", "11 am - 12 pm"])
def test_usual_length_is_not_doubted(when: str) -> None:
    event = event_of("", when=f"31 January 2024, {when}, London time")

    assert not event.needs_review


def test_list_of_names_gives_every_person_with_a_doubt() -> None:
    event = event_of("Speakers: Ada Lovelace, Grace Hopper, Prof. Edsger W. Dijkstra")

    assert [each.name for each in event.performers] == ["Ada Lovelace", "Grace Hopper", "Edsger W. Dijkstra"]
    assert fields(event) == ["performers"]


@pytest.mark.parametrize("line", ["Ada Lovelace, Open University", "Ms. Ada Lovelace, Red Hat"])
def test_body_after_a_name_is_no_person(line: str) -> None:
    event = event_of(f"Moderator: {line}")

    assert [each.name for each in event.performers] == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("heading", "recording"),
    [
        ("Liens et documents", "Enregistrement"),
        ("Liens et pièces jointes", "Enregistrement"),
        ("Documents et liens", "Enregistrement"),
        ("Ressources", "Enregistrement"),
        ("Enlaces y documentos", "Grabación"),
        ("Enlaces y archivos adjuntos", "Grabación"),
    ],
)
def test_heading_of_links_is_known(heading: str, recording: str) -> None:
    event = event_of(f"{heading}\n{recording}")

    assert [(each.kind, each.state) for each in event.attachments] == [("recording", "expected")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Zones that do not agree with a place", "en"),
        ("Session 3: e-commerce and the future of Trade", "en"),
        ("L'avenir du commerce", "fr"),
        ("Le commerce et la pêche: une session on the record", "fr"),
        ("Proteção de dados nas escolas e o que a lei exige das redes", "pt"),
    ],
)
def test_language_needs_a_margin_over_english(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize("title", ["\nConsensus without clocks", ""])
def test_department_above_a_seminar_is_told(title: str) -> None:
    event = event_of("", head=f"Department of Computer Science, University of X\nDistributed Systems Seminar{title}")

    assert "name" in fields(event)


@pytest.mark.parametrize(
    ("subject", "title", "doubts"),
    [
        ("Subject: Invitation", "Fish and trade", []),
        ("Тема: Приглашение", "Fish and trade", []),
        ("主题：邀请", "Fish and trade", []),
        ("Betreff: Einladung zum Vortrag", "Fish and trade", []),
        ("Subject: Trade and fish", "Trade and fish", ["name"]),
    ],
)
def test_subject_of_a_mail_is_no_title_where_a_line_is_one(subject: str, title: str, doubts: list[str]) -> None:
    event = event_of("", head=f"{subject}\n\nFish and trade")

    assert (event.name, fields(event)) == (title, doubts)


def test_bare_name_in_a_list_of_people_without_heading_is_one_of_them() -> None:
    event = event_of("- Ada Lovelace, University of Example\n- Mei Chen, Harbour Office\n- Alan Turing\n- Open Mic")

    assert [person.name for person in event.performers] == ["Ada Lovelace", "Mei Chen", "Alan Turing"]
    assert fields(event) == ["performers", "performers"]


@pytest.mark.parametrize(
    ("head", "title", "status", "doubts"),
    [
        (
            "Conférence\nÉcrire la mer\npar Solène Kerbrat, maîtresse de conférences",
            "Écrire la mer",
            "scheduled",
            ["name"],
        ),
        ("You're invited: Solar grids: lessons", "Solar grids: lessons", "scheduled", []),
        ("ОТМЕНА! Встреча киноклуба", "Встреча киноклуба", "cancelled", []),
    ],
)
def test_what_stands_around_a_title_is_cut_or_held(head: str, title: str, status: str, doubts: list[str]) -> None:
    event = event_of("", head=head)

    choices = [note.choices for note in event.needs_review if note.field == "name"]
    assert (title in (event.name, *choices[0]) if choices else event.name == title, event.status) == (True, status)
    assert [field for field in fields(event) if field == "name"] == doubts


def test_speaker_is_read_in_traditional_characters() -> None:
    event = event_of("講者：林佩蓉\n主持人：吳建志")

    assert [(person.kind, person.name) for person in event.performers] == [
        ("speaker", "林佩蓉"),
        ("moderator", "吳建志"),
    ]
