"""The part of a person in an event, which stands before or behind the name: "Moderator:", "(chair)"."""

import re

from .labels import read_label
from .names import split_honorific
from .words import words_of

LONGEST = 4_000  # the parser reads so many characters of one entry
BRACKET = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]")
_LEADING_TIME_OR_WEB = re.compile(  # of an agenda: "10:00-10:10 Welcome: Mr. …"
    r"(?i)^\(?\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s*(?:-|–|—|to)\s*\d{1,2}[:.h]\d{2})?(?:\s*[ap]\.?m\.?)?\)?"
    r"\s*[:|–—-]?\s+|\s*\(?https?://[^\s()]+\)?"
)
_WITH = ("with", "met", "avec", "mit", "con", "com", "featuring")
_FULL_WIDTH = str.maketrans(
    {"，": ", ", "、": ", ", "：": ": ", "；": "; ", "（": " (", "）": ")", "،": ", ", "؛": "; "}
)


def cut_kind(text: str, kind: str) -> tuple[str, str]:
    """Remove the words that give the kind; return that kind, else `kind`, and the rest of the line."""
    while (label := read_label(text)) and label.field == "people" and label.rest:  # "Speakers: Moderator: Ms. …"
        text, kind = label.rest, label.kind or kind
    words = text[:120].split()
    for place, word in enumerate(words[:-1]):
        if word.casefold() in ("by", "par", "por", "von"):  # "Panel discussion moderated by Ms. …"
            kinds = (kind_of_label(" ".join(words[begin : place + 1])) for begin in range(max(place - 4, 0), place))
            if named := next(filter(None, kinds), ""):
                return named, " ".join(text.split()[place + 1 :])
            break
    rest = announced(text)
    return (kind, rest) if rest else _kind_behind(text, kind)


def kind_of_label(text: str) -> str:
    """Return the kind of people that a text is the label of, or nothing."""
    named = read_label(text.strip()) if 3 <= len(text) <= 60 else None
    return named.kind if named and named.field == "people" and not named.rest else ""


def announced(text: str) -> str:
    """Return the person after a point of the programme: "Presentation of the report: Mr. …"."""
    before, _, rest = text.partition(": ")
    return rest.strip() if 2 <= len(before) <= 80 and "," not in before and split_honorific(rest)[0] else ""


def narrow(text: str) -> str:
    """Cut a leading time and web addresses; replace full-width and Arabic punctuation by the ASCII signs."""
    bare = _LEADING_TIME_OR_WEB.sub("", text[:LONGEST].translate(_FULL_WIDTH)).strip()
    first, _, rest = bare.partition(" ")
    return rest if first.casefold() in _WITH and rest[:1].isupper() else bare


def _kind_behind(text: str, kind: str) -> tuple[str, str]:
    """Read the kind after a name: "Ada Lovelace (Moderator), ITU", "Ada Lovelace, ITU – Moderator"."""
    for match in BRACKET.finditer(text):
        acronym = match[1].isupper()  # "(WHO)" is a body
        if match.start() > 3 and not acronym and (named := kind_of_label(match[1])):
            return named, f"{text[: match.start()]}{text[match.end() :]}".strip()
    for dash in (" – ", " — ", " - ", ", "):
        before, _, last = text.rpartition(dash)
        named = kind_of_label(last) if before and "(" not in last else ""
        if named and (dash != ", " or named == "moderator"):
            return named, before
    name, comma, details = text.partition(",")
    before, _, last = name.rpartition(" ")
    if words_of(last)[:1] in (["moderator"], ["facilitator"], ["chair"]) and " " in before:
        return kind_of_label(last), f"{before}{comma}{details}"
    return kind, text
