"""Joins lines that a mail program wrapped: a sentence, a title or a bullet that continues in the next line."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from ...phrases.labels import read_label
from ...phrases.names import split_honorific
from ...phrases.recording import may_refuse_recording
from ...phrases.words import word_list
from ..lines import Line
from ..who.speakers import begins_person

_OPEN_ENDS = frozenset(word_list("open_ends"))
_WIDE, _NEARLY_FULL, _LONGEST = 90, 55, 10_000


def join_wrapped(lines: Sequence[Line], apart: Collection[int]) -> tuple[Line, ...]:
    """Join each continuation line to the line before it; lines whose numbers are in `apart` stay as they are."""
    widths = [len(line.raw) for line in lines]
    full = sum(1 for width, following in pairwise(widths) if width >= _NEARLY_FULL and following)
    is_wrapped = full >= 2 and max(widths) <= _WIDE  # to a width: no line is long, and full lines have a successor
    joined: list[Line] = []
    last_number = 0
    for line in lines:
        previous = joined[-1] if joined and line.number - last_number == 1 else None
        last_number = line.number
        together = previous and previous.text and line.text and not {previous.number, line.number} & set(apart)
        if not (previous and together and _continues(previous, line, is_wrapped=is_wrapped)):
            joined.append(line)
            continue
        hyphened = previous.text[-1] == "-" and previous.text[-2:-1].isalpha() and line.text[:1].islower()
        named = previous.bullet and line.text[:1].isupper() and previous.text[-1].isalnum()
        role = named and len(previous.text) < 60 and "," not in previous.text  # a name, then the role on the next line
        glue = "" if hyphened else ", " if role else " "
        joined[-1] = replace(previous, text=previous.text + glue + line.text, raw=previous.raw + glue + line.raw)
    return tuple(joined)


def _continues(previous: Line, line: Line, *, is_wrapped: bool) -> bool:
    last, tail, begins = previous.text[-300:].rpartition(" ")[2], previous.text[-200:], line.text[:6]
    begin, colon, _ = line.text[:40].partition(": ")
    labelled = colon and begin[:1].isupper() and len(begin.split()) <= 3  # "Mediação: Carla Nunes"
    apart = labelled or "://" in last or len(previous.text) > _LONGEST or line.bullet or read_label(line.text)
    timed = begins[:1].isdigit() and any(sign in begins for sign in ":.h")
    marked = any(part.heading or part.subject for part in (previous, line))
    refuses = line.text[:1].isupper() and may_refuse_recording(line.text[:200])  # a person above would hide it
    if apart or timed or marked or refuses or split_honorific(line.text)[0]:
        return False
    label = read_label(previous.text[:100])
    open_end = last in _OPEN_ENDS or last[-1:] in (",", ";", "–", "—", "&")
    if (label and not label.rest) or (not open_end and begins_person(line.text[:500], after=tail)):
        return False
    lower, wide = line.text[:1].islower() or line.text[:1] in "(&", is_wrapped and len(tail) >= _NEARLY_FULL
    if previous.bullet:
        return lower or open_end or line.indent > previous.indent or wide
    return wide or ((lower or open_end) and len(tail) >= 25)
