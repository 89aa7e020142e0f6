"""The sentences of the deeper layers: each has a message, and the catalogs fit; `make languages` updates them."""

import ast
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from openpyxl import Workbook

from tests.docs.test_importing import examples
from tests.languages.messages import TRANSLATED, catalog_file, read_catalog, update_catalog, write_catalog
from tests.languages.sentences import extract_sentences, iter_misfits, iter_sentences, share_translated
from tests.unit.announcements.cases import CASES, TEXTS
from tests.unit.announcements.test_strangers import STRANGERS
from tests.unit.readers.reading import RECORDED
from zoom_ops.errors import BadInputError
from zoom_ops.readers import read_events
from zoom_ops.web.i18n.catalogs import PLACEHOLDER, SENTENCES, load_languages
from zoom_ops.web.i18n.phrasebook import Phrasebook

LEAST_TRANSLATED = 0.9  # the share of sentences that each language has at least; new ones may wait for a while
ENGLISH = '<span lang="en"'
TAGGED = re.compile(r"<bdi>.*?</bdi>|<span .*?</span>")
AROUND_NUMBERS = {  # what holds too few letters to be found around words
    "%(ge)s or more",
    "%(hours)s h %(minutes)s min",
    "%(hours)s h",
    "%(le)s or less",
    "%(local)s is %(value)s UTC",
    "%(sentence)s, found %(found)s",
    "not %(value)s",
}
MISTAKEN = (
    ("a.csv", "Title,Date,Start,Time zone\nTides,soon,later,Mars\n,,,\nTides,2027-04-03,14:30,Europe/Zurch\n"),
    ("a.csv", "Title,Date,Start,End,Time zone,Speakers,Email\nTides,2027-04-03,2:30,3,CST,Ada; TBC,nobody\n"),
    ("a.csv", "one,two\n1,2\n"),
    ("a.csv", 'Title,Date\n"Tides'),
    ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20270403\nEND:VEVENT\nEND:VCALENDAR\n"),
    ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Tides\nDTSTART:soon\n"),
    ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:Tides\nEND:VTODO\nEND:VCALENDAR\n"),
    ("a.yaml", "name: Tides\nstart: soon\nhost: me\nperformers: [{nam: Ada}, 7]\ntimezone: Mars\n"),
    ("a.yaml", "name: [Tides\n"),
    ("a.json", '{"name": Tides}'),
    ("a.json", '{"name": 7, "start": "2027-02-30T14:30", "attachments": [{"url": "x", "kind": "film"}]}'),
    ("a.html", "<html><body itemscope itemtype='https://schema.org/Event'>Tides</body></html>"),
    ("a.txt", "%PDF-1.7"),
    ("a.txt", "Tides\n\nnothing else"),
    ("a.txt", ""),
)


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return extract_sentences()


@pytest.fixture(scope="module")
def phrasebook(sentences: Catalog) -> Phrasebook:
    """Return a phrasebook that has every message: what it marks as English has none."""
    return Phrasebook(lambda: {str(message.id): str(message.id) for message in sentences if message.id})


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalog_has_no_fault_and_enough_translations(sentences: Catalog, code: str) -> None:
    catalog = read_catalog(code, SENTENCES)

    assert list(iter_misfits(sentences, catalog)) == [], "run `make languages`, and correct what it lists"
    assert share_translated(sentences, catalog) >= LEAST_TRANSLATED, "translate more of sentences.po"


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalog_is_up_to_date(sentences: Catalog, code: str, tmp_path: Path) -> None:
    write_catalog(tmp_path / "now.po", update_catalog(code, sentences))

    assert catalog_file(code, SENTENCES).read_bytes() == (tmp_path / "now.po").read_bytes(), "run `make languages`"


@pytest.mark.parametrize("code", TRANSLATED)
def test_language_tells_each_translation_with_its_values(code: str) -> None:
    language = load_languages([code])[code]

    for message in read_catalog(code, SENTENCES):
        if message.id and message.string:
            values = {name: str(number) for number, name in enumerate(PLACEHOLDER.findall(message.id), 1001)}
            told = language.tell(message.id % values)
            assert ENGLISH not in told, message.id
            assert all(value in told for value in values.values()), message.id


def test_each_message_is_found_around_words(sentences: Catalog, phrasebook: Phrasebook) -> None:
    """What a phrasebook cannot find need not be translated."""
    messages = [str(message.id) for message in sentences if message.id]

    lost = {message for message in messages if not _is_found(message, phrasebook)}

    assert lost == AROUND_NUMBERS


def test_values_that_a_translation_parts_are_a_misfit() -> None:
    sentences, catalog = Catalog(), Catalog(locale="ru")
    sentences.add("the time of %(event)s%(holder)s is %(start)s")
    catalog.add("the time of %(event)s%(holder)s is %(start)s", "%(event)s: %(start)s%(holder)s")

    assert [fault for fault in iter_misfits(sentences, catalog) if "parted" in fault] == [
        "'the time of %(event)s%(holder)s is %(start)s' has %(event)s%(holder)s parted in "
        "'%(event)s: %(start)s%(holder)s'"
    ]


@pytest.mark.parametrize(
    ("code", "messages"),
    [
        ('f"expected {text[:40]!r} and {len(parts)} parts, {_MOST:,} of {a.b}"',
         ["expected %(text)s and %(parts)s parts, %(most)s of %(b)s"]),
        ('f"from {start:%H:%M} to {start + length:%H:%M} by the clock"', ["from %(start)s to %(start2)s by the clock"]),
        ("f'these were not read: {\", \".join(names)}'", ["these were not read: %(names)s"]),
        ('"100% of this".title()', ["100%% of this"]),
        ('_WHY = "as it is"\\nf"{_WHY}: say {what}"', ["as it is", "as it is: say %(what)s"]),
        ('"""A docstring that says something."""', []),
        ('re.compile(r"(?:of the|for the)\\\\b")', []),
        ('say("This is in the other catalog")', []),
        ('{"key of a table": "what it says then"}', ["what it says then"]),
        ('cast("dict[str, of things]", table)', []),
        ('"slug", "text/html", "a_b c_d", "Title Case"', []),
    ],
)  # fmt: skip
def test_strings_that_are_sentences_become_messages(code: str, messages: list[str]) -> None:
    assert sorted(iter_sentences(ast.parse(code.replace("\\n", "\n")))) == sorted(messages)


def test_every_doubt_and_mistake_of_the_readers_has_a_message(phrasebook: Phrasebook) -> None:
    said = {sentence for content, file in _files() for sentence in _said_of(content, file)}

    assert [sentence for sentence in sorted(said) if ENGLISH in phrasebook.tell(sentence)] == []
    assert len(said) > 100


def _is_found(message: str, phrasebook: Phrasebook) -> bool:
    values = {
        name: str(number) if name.rstrip("2") in ("line", "number", "row") else f"Aye {number}"
        for number, name in enumerate(PLACEHOLDER.findall(message), 1001)
    }
    told = TAGGED.sub("", phrasebook.tell(message % values))
    written = PLACEHOLDER.sub("", message).replace("%%", "%")
    return sorted(filter(str.isalpha, unescape(told))) == sorted(filter(str.isalpha, written))


def _files() -> Iterator[tuple[bytes, str]]:
    """Yield the files that other tests read, and some with mistakes."""
    yield from (((TEXTS / f"{case}.txt").read_bytes(), "a.txt") for case in CASES)
    yield from ((case["text"].encode(), "a.txt") for case in STRANGERS)
    yield from ((content.encode(), f"a.{language}") for language, content, _ in examples())
    yield from ((file.read_bytes(), file.name) for file in sorted(RECORDED.iterdir()))
    yield from ((content.encode(), file) for file, content in MISTAKEN)
    book = Workbook()
    book.active.append(["Title", "Date"])
    book.active.append(["Tides", "=1+1"])
    saved = io.BytesIO()
    book.save(saved)
    yield saved.getvalue(), "a.xlsx"


def _said_of(content: bytes, file: str) -> Iterator[str]:
    """Yield the reasons of an import's doubts, or its mistakes without their places."""
    try:
        announced = read_events(content, file)
    except BadInputError as error:
        for mistake in (error, *error.others):
            yield str(mistake).removeprefix(f"{mistake.file}:").removeprefix(f"{mistake.line}:").strip()
    else:
        yield from (note.reason for each in announced for note in each.event.needs_review)
