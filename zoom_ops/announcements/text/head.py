"""The head of an announcement: the lines before the first paragraph of prose and the first section."""

from collections.abc import Sequence

from ...phrases.labels import read_label
from ..lines import Line, is_prose
from ..when import read_when_lines
from .organizers import is_organizer_sentence
from .shapes import is_closing, is_instruction, is_noise

_SECTIONS = ("people", "attachments", "body")
_WIDTH = 45  # of a line that a mail program wrapped, at least


def head_of(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers of the lines of the head. A greeting of any length before it does not end it."""
    timed = {when.line.number for when in read_when_lines(lines, {line.number for line in lines}) if when.is_certain}
    numbers: set[int] = set()
    greeted = False
    for place, line in enumerate(lines):
        if not line.text or line.subject or is_noise(line.text):
            continue
        label = read_label(line.text)
        if (greeted or numbers) and is_closing(line.text):
            break
        if numbers and label and label.field in _SECTIONS and not label.rest:
            break
        prose = is_prose(line.text) or _begins_paragraph(lines, place)
        if prose and not label and line.number not in timed and not is_organizer_sentence(line.text):
            if numbers:
                break
            greeted = True
        elif not is_instruction(line.text) or line.text.endswith("?"):
            numbers.add(line.number)
    return frozenset(numbers)


def _begins_paragraph(lines: Sequence[Line], place: int) -> bool:
    """Check whether a wrapped paragraph of prose begins here: full lines, and a sentence's end."""
    run: list[Line] = []
    for line in lines[place : place + 30]:
        if not line.text or line.bullet or line.heading or read_label(line.text):
            break
        run.append(line)
    full = len(run) > 1 and all(len(line.raw) >= _WIDTH for line in run[:-1])
    return full and run[-1].text.endswith((".", "!", "?")) and is_prose(" ".join(line.text for line in run))
