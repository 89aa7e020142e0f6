"""Joins lines that a mail program wrapped: a sentence, a title or a bullet that continues in the next line."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from ..lines import Line, read_label
from ..who import begins_person, split_honorific

_OPEN_END = re.compile(
    r"(?:,|;|–|—|&|\b(?:of|and|the|for|on|in|to|with|by|a|an|de|des|du|la|le|les|et|en|sur|pour|el|los"
    r"|las|del|y|para|con|por|und|der|die|von))$"
)
_ENDS_IN_ADDRESS = re.compile(r"://\S+$")
_TIMED = re.compile(r"\d{1,2}[:.h]\d{2}\b")
_WIDE = 90
_LONGEST = 10_000
_NEARLY_FULL = 55


def join_wrapped(lines: Sequence[Line], apart: Collection[int]) -> tuple[Line, ...]:
    """Join each continuation line to the line before it; lines whose numbers are in `apart` stay as they are."""
    is_wrapped = _looks_wrapped(lines)
    joined: list[Line] = []
    last_number = 0
    for line in lines:
        previous = joined[-1] if joined else None
        follows = previous is not None and line.number - last_number == 1 and bool(previous.text) and bool(line.text)
        free = previous is not None and previous.number not in apart and line.number not in apart
        if previous and follows and free and _continues(previous, line, is_wrapped=is_wrapped):
            joined[-1] = _joined(previous, line)
        else:
            joined.append(line)
        last_number = line.number
    return tuple(joined)


def _looks_wrapped(lines: Sequence[Line]) -> bool:
    """Check whether the text is wrapped to a width: no line is long, and two or more full lines have a successor."""
    widths = [len(line.raw) for line in lines]
    full = sum(1 for width, following in pairwise(widths) if width >= _NEARLY_FULL and following)
    return bool(widths) and max(widths) <= _WIDE and full >= 2


def _continues(previous: Line, line: Line, *, is_wrapped: bool) -> bool:
    if (
        _ENDS_IN_ADDRESS.search(previous.text[-300:])
        or len(previous.text) > _LONGEST
        or line.bullet
        or line.heading
        or previous.heading
        or line.subject
        or previous.subject
    ):
        return False
    if _TIMED.match(line.text) or read_label(line.text) or split_honorific(line.text)[0]:
        return False
    label = read_label(previous.text[:100])
    if label and not label.rest:
        return False
    last = previous.text[-200:]
    lower = line.text[:1].islower() or line.text[:1] in "(&"
    open_end = bool(_OPEN_END.search(last))
    if not open_end and begins_person(line.text[:500], after=last):
        return False
    if previous.bullet:
        return lower or open_end or line.indent > previous.indent or (is_wrapped and len(last) >= _NEARLY_FULL)
    if is_wrapped and len(last) >= _NEARLY_FULL:
        return True
    return (lower or open_end) and len(last) >= 25


def _joined(previous: Line, line: Line) -> Line:
    glue = " "
    if re.fullmatch(r"[^\W\d]-", previous.text[-2:]) and line.text[:1].islower():
        glue = ""
    elif (
        previous.bullet
        and line.text[:1].isupper()
        and len(previous.text) < 60
        and previous.text[-1:].isalnum()
        and "," not in previous.text
    ):
        glue = ", "  # a name, then the role on the next line
    return replace(previous, text=previous.text + glue + line.text, raw=previous.raw + glue + line.raw)
