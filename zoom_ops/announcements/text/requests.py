"""What a letter says of its event, put into the outline of its announcement."""

from collections.abc import Sequence
from dataclasses import replace

from ...phrases.words import words_of
from ..address_book import Contact
from ..doubts import Doubts
from ..letters import Letter, name_in_full
from ..lines import Line
from .outline import Outline

_IN_A_SENTENCE = "who speaks is taken from a sentence"
_MOST_WORDS_OF_A_TITLE = 25


def take_letter(outline: Outline, letter: Letter, contacts: Sequence[Contact], doubts: Doubts) -> None:
    """Add title, series and people of a letter. Of its lines only short ones without a full stop may be the title."""
    sentences = [line for line in outline.head if _is_sentence(line)]
    outline.head = [line for line in outline.head if line not in sentences]
    for line in reversed(sentences):
        outline.body.insert(0, [line.raw])
        outline.body_lines.insert(0, line)
    outline.passed = [line for line in outline.passed if not _is_sentence(line)]
    outline.is_letter = True
    outline.asked = letter.title
    outline.series = outline.series or letter.series
    letter = replace(letter, people=tuple(name_in_full(entry, contacts) for entry in letter.people))
    _take_people(outline, letter)
    for entry in letter.people:
        doubts.add("performers", entry.line, _IN_A_SENTENCE)


def _take_people(outline: Outline, letter: Letter) -> None:
    """Put the people of sentences first. Such a sentence that was read as the line of a person is one of the text."""
    numbers = {entry.line.number for entry in letter.people}
    twice = [entry for entry in outline.people if entry.line.number in numbers and not entry.certain]
    outline.people = [*letter.people, *(entry for entry in outline.people if entry not in twice)]
    for entry in reversed(twice):
        outline.body.insert(0, [entry.line.raw])
        outline.body_lines.insert(0, entry.line)


def _is_sentence(line: Line) -> bool:
    words = len(words_of(line.text))
    return not line.heading and (words > _MOST_WORDS_OF_A_TITLE or (words > 4 and line.text.endswith((".", "!", ":"))))
