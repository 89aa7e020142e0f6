"""docs/importing.md: its examples are read as it says, its limits are the code's, and it names every value."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from tests.docs.pages import ROOT, iter_blocks, read, section
from zoom_ops.announcements import parse_people
from zoom_ops.announcements.address_book import LONGEST_NAME, LONGEST_ORGANIZATION, MOST_PEOPLE
from zoom_ops.announcements.text import parse as announcement
from zoom_ops.cli.imports.printing import iter_fields
from zoom_ops.errors import BadInputError
from zoom_ops.events import LONGEST_EMAIL, YEARS, Attachment, DisplayTime, Event, Organizer, Performer, Picture
from zoom_ops.readers import LARGEST_FILE, MOST_EVENTS, MOST_LINES, read_events
from zoom_ops.readers.bounds import LONG_TEXT, LONGEST_PROPERTY, LONGEST_S, MOST_PARTS
from zoom_ops.readers.calendars import scan
from zoom_ops.readers.documents import entries, keys, parse, trees
from zoom_ops.toml import MOST_CHARACTERS as LONGEST_SETTINGS
from zoom_ops.web.api.events.imports import ENDINGS
from zoom_ops.web.reading_slots import AT_ONCE, PATIENCE_S
from zoom_ops.web.request_files import MOST_CHARACTERS
from zoom_ops.web.request_files import MOST_EVENTS as MOST_OF_A_REQUEST

PAGE = ROOT / "docs" / "importing.md"
DOCUMENTS = "## YAML and JSON"
_EXAMPLE = re.compile(r"^```(yaml|json)\n(.*?)^```\n+(?:[^`\n][^\n]*\n+)*?^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
TABLES: dict[str, tuple[dict[str, str], type[BaseModel]]] = {
    "#### An event": (keys.EVENT_KEYS, Event),
    "#### A performer": (keys.PERFORMER_KEYS, Performer),
    "#### An organizer": (keys.ORGANIZER_KEYS, Organizer),
    "#### An attachment": (keys.ATTACHMENT_KEYS, Attachment),
    "#### A picture": (keys.PICTURE_KEYS, Picture),
    "#### A display time": (keys.DISPLAY_TIME_KEYS, DisplayTime),
}


def examples() -> list[tuple[str, str, str]]:
    """Return the examples in YAML and JSON: language, content, and what the page says that it becomes."""
    return _EXAMPLE.findall(section(read(PAGE), DOCUMENTS))


def becomes(language: str, content: str) -> str:
    """Render what a file becomes, as the page does."""
    return "".join(f"{line}\n" for line in _lines(content.encode(), f"a.{language}"))


def _lines(content: bytes, file: str) -> Iterator[str]:
    try:
        announced = read_events(content, file)
    except BadInputError as error:
        yield from (str(mistake) for mistake in (error, *error.others))
        return
    for number, each in enumerate(announced):
        if number:
            yield ""
        before = ""
        for name, value in iter_fields(each.event):
            field = name.partition(".")[0]
            yield f"{'' if field == before else field:<14} {value}"
            before = field
        for note in each.event.needs_review:
            yield f"review {note.field}: {note.reason}" + (f" [{' | '.join(note.choices)}]" if note.choices else "")


def test_there_are_ten_examples() -> None:
    page = section(read(PAGE), DOCUMENTS)

    assert len(examples()) >= 10
    assert len(examples()) == len(re.findall(r"^```(?:yaml|json)$", page, re.MULTILINE))


@pytest.mark.parametrize("example", examples(), ids=lambda example: example[1].split("\n")[0][:40])
def test_example_becomes_what_the_page_says(example: tuple[str, str, str]) -> None:
    language, content, said = example

    assert becomes(language, content) == said


def test_other_examples_can_be_imported() -> None:
    texts, people = (list(iter_blocks(read(PAGE), language)) for language in ("text", "csv"))

    parsed = [read_events(text.encode(), "a.txt") for text in texts]

    assert all(not events[0].event.blocking_notes() for events in parsed)
    assert min(len(texts), len(people)) >= 1
    assert all(parse_people(text.encode(), "people.csv") for text in people if text.startswith("name,"))


@pytest.mark.parametrize("heading", TABLES)
def test_page_names_every_field_with_its_synonyms(heading: str) -> None:
    table, model = TABLES[heading]
    rows = [row.split(" | ") for row in section(read(PAGE), heading).splitlines() if row.startswith("| `")]
    named = {name: row for row in rows for name in re.findall(r"`(\w+)`", row[0])}

    assert set(named) == set(table.values())
    assert set(model.model_fields) <= set(named)
    for name, row in named.items():
        synonyms = {spelled for spelled, meaning in table.items() if meaning == name and spelled != name}
        assert set(re.findall(r"`(\w+)`", row[1])) == synonyms, name
        if name in model.model_fields:
            assert set(_words(model.model_fields[name].annotation)) <= set(re.findall(r"`(\w+)`", row[2])), name


def _words(annotation: object) -> Iterator[str]:
    """Yield the words that a field may be."""
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        else:
            yield from _words(part)


def test_limits_of_page_are_those_of_the_code() -> None:
    table = section(read(PAGE), "## Limits")
    numbers = {row[0]: row[1] for row in re.findall(r"^\| (.*?) \| (.*?) \|$", table, re.MULTILINE)}

    megabytes = LARGEST_FILE // 1_000_000
    a_file = f"{megabytes} MB, {MOST_LINES:,} lines, {MOST_EVENTS:,} events, {LONGEST_S:.0f} s of the processor"
    parts = f"{MOST_PARTS:,} together; two notes, or {LONG_TEXT:,} characters of a description, count as one"
    assert numbers["people and links of all events of a file"] == parts
    assert numbers["a calendar"] == f"{scan.MOST_IN_ALL:,} properties"
    assert numbers["a file"] == a_file
    each = f"{scan.MOST_PROPERTIES:,} properties of {LONGEST_PROPERTY:,} bytes each"
    an_entry = f"{each}, {scan.LARGEST_COMPONENT:,} characters in all"
    assert numbers["an entry of a calendar"] == f"{an_entry}; a file within it is not read"
    assert numbers["a YAML or JSON file"] == f"{trees.MOST_VALUES:,} values, {trees.DEEPEST} levels deep"
    texts = f"{parse.LONGEST_TEXT:,} characters, one entry of a list {entries.LONGEST_ENTRY:,}"
    assert numbers["a text in YAML or JSON"] == texts
    together = f"of {MOST_CHARACTERS:,} characters together"
    assert numbers["a request of the API"] == f"{megabytes} MB, {MOST_OF_A_REQUEST:,} events, {together}"
    assert (
        numbers["a text announcement"]
        == f"{announcement.MOST_CHARACTERS:,} characters, {announcement.MOST_LINES:,} lines"
    )
    assert numbers["a profile or settings file"] == f"{LONGEST_SETTINGS:,} characters"
    assert numbers["a name in the address book"] == f"{LONGEST_NAME} characters"
    assert numbers["a file of people"] == f"{MOST_PEOPLE:,} people"
    assert numbers["an organization in the address book"] == f"{LONGEST_ORGANIZATION:,} characters"
    assert numbers["an address in the address book"] == f"{LONGEST_EMAIL} characters"
    assert f"Years are {YEARS[0]} to {YEARS[1]}." in table


def test_media_types_and_patience_of_the_api_page_are_those_of_the_code() -> None:
    page = section(read(ROOT / "docs" / "api.md"), "### Import files")
    named = re.findall(r"`([a-z]+/[\w.+-]+)`", page)

    assert sorted(set(named)) == sorted(ENDINGS)
    assert AT_ONCE == 1
    assert f"- A process reads one file at a time. Others wait up to {PATIENCE_S:.0f} seconds, then" in page
