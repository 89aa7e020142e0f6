"""Entries under Links & attachments, and notes about members."""

import pytest

from zoom_ops.announcements.doubts import Doubts
from zoom_ops.announcements.lines.lines import Line
from zoom_ops.announcements.text.links import Links, read_links
from zoom_ops.events import Attachment


def links_of(*texts: str, heading_note: str = "") -> Links:
    lines = [Line(number=number, text=text, raw=text, bullet="•") for number, text in enumerate(texts, 1)]
    return read_links(lines, Doubts(), heading_note)


@pytest.mark.parametrize(
    "title", ["Recording", "Enregistrement", "Grabación", "Video recording", "Aufzeichnung", "Запись", "录像"]
)
def test_recording_without_address_is_expected(title: str) -> None:
    links = links_of(title)

    assert links.attachments == (Attachment(title=title, kind="recording", state="expected"),)


@pytest.mark.parametrize(
    "text", ["Paper: https://example.org/p", "Paper (https://example.org/p)", "Paper – https://example.org/p"]
)
def test_title_and_address_are_parted(text: str) -> None:
    links = links_of(text)

    assert links.attachments == (Attachment(title="Paper", url="https://example.org/p"),)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Transcript: https://example.org/t.vtt", "transcript"),
        ("Slides by Ms. Lovelace: https://example.org/s", "slides"),
        ("Deck: https://example.org/s.pptx", "slides"),
        ("Concept note: https://example.org/c.pdf", "file"),
        ("Website: https://example.org", "link"),
        ("Recording consent form: https://example.org/form", "link"),
        ("Recording of the session: https://example.org/rec", "recording"),
    ],
)
def test_kind_follows_words_and_address(text: str, kind: str) -> None:
    links = links_of(text)

    assert [entry.kind for entry in links.attachments] == [kind]


@pytest.mark.parametrize(
    "text", ["Slides (members only)", "Slides [members]", "Slides – members only", "Slides (for members)"]
)
def test_remark_on_an_entry_restricts_that_entry(text: str) -> None:
    links = links_of("Recording", text)

    assert [(entry.title, entry.visibility) for entry in links.attachments] == [
        ("Recording", "public"),
        ("Slides", "members"),
    ]
    assert links.unclear is None


@pytest.mark.parametrize(
    ("note", "restricted"),
    [
        ("The slides are only available to UNGIS members.", ["Slides"]),
        ("The recording and the slides will be available to members only", ["Recording", "Slides"]),
        ("All documents are only available to members.", ["Recording", "Slides", "Programme"]),
        ("Veuillez noter que les enregistrements sont réservés aux membres.", ["Recording"]),
    ],
)
def test_note_that_names_entries_restricts_them(note: str, restricted: list[str]) -> None:
    links = links_of("Recording", "Slides", "Programme: https://example.org/p.pdf", note)

    assert [entry.title for entry in links.attachments if entry.visibility == "members"] == restricted
    assert (links.note, links.unclear) == (note, None)


@pytest.mark.parametrize(
    "note",
    [
        "Please note some attachments are only available to UNGIS members.",
        "Certains documents sont réservés aux membres de l'UIT.",
        "Algunos archivos están disponibles solo para los miembros.",
        "Some recordings are only available to members.",
    ],
)
def test_note_that_does_not_say_which_is_unclear(note: str) -> None:
    links = links_of("Recording", note)

    assert [entry.visibility for entry in links.attachments] == ["public"]
    assert links.note == note
    assert links.unclear


def test_heading_for_members_restricts_every_entry() -> None:
    links = links_of("Recording", "Report", heading_note="members only")

    assert [entry.visibility for entry in links.attachments] == ["members", "members"]


def test_address_on_its_own_is_its_own_title() -> None:
    links = links_of("https://example.org/library/wave-guide?lang=en")

    assert links.attachments == (Attachment(title="wave-guide", url="https://example.org/library/wave-guide?lang=en"),)
