"""The end of a letter: the parting, the signature, what a mail program adds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...phrases.dates import find_dates
from ...phrases.labels import read_label
from ...phrases.words import fold, phrase_table, words_of
from ..lines import Line
from .sentences import topic_of

_WORDS = phrase_table("letters")
_PARTINGS = tuple(sorted(_WORDS["partings"], key=len, reverse=True))
_PARTING_WORDS = frozenset(_WORDS["parting_words"])
_MOST_WORDS, _MOST_OF_A_SIGNATURE = 8, 14
_PHONE = re.compile(
    r"(?:\+|\(?0|\(\d)\d?[\d\s().-]{6,}\d$|(?:tel|telephone|phone|mob|mobile|cel|cell|office|fax|t|m|p)\b\.?\s*:?\s*\+?[\d(]"
)
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?:^|\s)\+\d[\d\s().-]{7,}")


def cut_ending(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Empty the lines of parting and signature; they keep their numbers."""
    ends = _last_parting(lines)
    return tuple(_emptied(lines, len(lines) if ends is None else ends))


def _emptied(lines: Sequence[Line], ends: int) -> Iterator[Line]:
    last = max((place for place, line in enumerate(lines[:ends]) if line.text), default=0)
    for place, line in enumerate(lines):
        signs = place == last and place > 1 and not lines[place - 1].text and _is_signature(line)
        out = place >= ends or signs or is_fine_print(line.text)
        yield replace(line, text="", raw="") if out and line.text else line


def _last_parting(lines: Sequence[Line]) -> int | None:
    """Find the parting: the first one that nothing but a signature follows."""
    for place, line in enumerate(lines):
        if not is_parting(line.text):
            continue
        behind = [each for each in lines[place + 1 :] if each.text]
        if len(behind) <= _MOST_OF_A_SIGNATURE and not any(map(_announces, behind)):
            return place
    return None


def is_parting(text: str) -> bool:
    """Check whether a line is one such as "Many thanks and kind regards,"."""
    bare = fold(text).strip(" ,.!-–—")
    words = words_of(text)
    if 0 < len(words) <= _MOST_WORDS and not _PARTING_WORDS.isdisjoint(words) and ":" not in text:
        return True
    lead = next((each for each in _PARTINGS if f"{bare} ".startswith((f"{each} ", f"{each},", f"{each}!"))), "")
    few = len(bare.split()) <= (_MOST_WORDS if lead else 0)
    return (
        bool(lead)
        and few
        and not topic_of(text)
        and ":" not in bare
        and not bare[len(lead) :].lstrip().startswith(("to our", "practice"))
    )


def _announces(line: Line) -> bool:
    label = read_label(line.text)
    told = label and label.field in ("title", "date", "time", "people", "venue", "body") and bool(label.rest)
    return (
        bool(told)
        or line.heading
        or bool(find_dates(line.text))
        or (len(line.text) > 200 and not is_fine_print(line.text))
    )


def _is_signature(line: Line) -> bool:
    words = line.text.split()
    named = 1 <= len(words) <= 3 and all(word[:1].isupper() and word.strip(".,").isalpha() for word in words)
    return named and not line.bullet and not line.heading and read_label(line.text) is None


def is_fine_print(text: str) -> bool:
    """Check whether a line is a disclaimer, or the number or address of whoever writes."""
    bare = fold(text)
    said = any(phrase in bare for phrase in _WORDS["fine_print"])
    short = len(words_of(text)) <= 14
    return said or (short and bool(_PHONE.match(bare))) or (short and "|" in text and bool(_PERSONAL.search(text)))
