"""Joins lines that a mail program wrapped: a sentence, a title or a bullet that continues in the next line."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from ..lines import Line, read_label
from ..who.names import split_honorific
from ..who.speakers import begins_person

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
    widths = [len(line.raw) for line in lines]
    full = sum(1 for width, following in pairwise(widths) if width >= _NEARLY_FULL and following)
    is_wrapped = full >= 2 and max(widths) <= _WIDE  # to a width: no line is long, and full lines have a successor
    joined: list[Line] = []
    last_number = 0
    for line in lines:
        previous = joined[-1] if joined and line.number - last_number == 1 else None
        last_number = line.number
        if (
            not (previous and previous.text and line.text)
            or previous.number in apart
            or line.number in apart
            or not _continues(previous, line, is_wrapped=is_wrapped)
        ):
            joined.append(line)
            continue
        glue = " "
        if re.fullmatch(r"[^\W\d]-", previous.text[-2:]) and line.text[:1].islower():
            glue = ""
        elif previous.bullet and line.text[:1].isupper() and re.fullmatch(r"[^,]{0,58}[^\W_]", previous.text):
            glue = ", "  # a name, then the role on the next line
        joined[-1] = replace(previous, text=previous.text + glue + line.text, raw=previous.raw + glue + line.raw)
    return tuple(joined)


def _continues(previous: Line, line: Line, *, is_wrapped: bool) -> bool:
    if _ENDS_IN_ADDRESS.search(previous.text[-300:]) or len(previous.text) > _LONGEST or line.bullet:
        return False
    if any(part.heading or part.subject for part in (previous, line)):
        return False
    if _TIMED.match(line.text) or read_label(line.text) or split_honorific(line.text)[0]:
        return False
    label, last = read_label(previous.text[:100]), previous.text[-200:]
    open_end = bool(_OPEN_END.search(last))
    if (label and not label.rest) or (not open_end and begins_person(line.text[:500], after=last)):
        return False
    lower = line.text[:1].islower() or line.text[:1] in "(&"
    if previous.bullet:
        return lower or open_end or line.indent > previous.indent or (is_wrapped and len(last) >= _NEARLY_FULL)
    if is_wrapped and len(last) >= _NEARLY_FULL:
        return True
    return (lower or open_end) and len(last) >= 25
