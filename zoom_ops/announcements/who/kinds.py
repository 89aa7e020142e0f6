"""The kind of a person on the programme, from words such as "Moderator:", "Opening remarks by" or "(chair)"."""

import re

from ..lines import read_label
from .names import split_honorific

_KIND_AFTER_NAME = re.compile(
    r"\s*[(\[](?P<bracket>[^()\[\]]{3,40})[)\]]|\s+[–—-]\s*(?P<dash>[^()\[\],–—]{3,40})$"
    r"|,\s*(?P<comma>[Mm]oderator|[Ff]acilitator|[Mm]odératrice|[Mm]odérateur|[Mm]oderadora?)$"
)
_LAST_KIND = re.compile(r"(?P<name>[^,(]{4,80}) (?P<kind>Moderator|Facilitator|Chair)(?P<rest>,.*)?")
_VERB_BY = re.compile(
    r".{0,80}?\b(?P<label>(?:moderated|chaired|facilitated|animée?|modérée?) (?:by|par)|moderad[oa] por)\s+"
    r"(?P<rest>.+)",
    re.IGNORECASE,
)
_BY = re.compile(r"(?P<label>[^\W\d][\w '’&-]{3,40}?\s(?:by|par|por|von|from))\s+(?P<rest>.+)", re.IGNORECASE)
_ANNOUNCED = re.compile(r"[^:,]{2,80}:\s+(?P<rest>.+)")  # "Presentation of the report: Mr. ..."
_FULL_WIDTH = str.maketrans(
    {"，": ", ", "、": ", ", "：": ": ", "；": "; ", "（": " (", "）": ")", "،": ", ", "؛": "; "}
)


def narrow(text: str) -> str:
    """Replace full-width and Arabic punctuation by the ASCII signs that the patterns expect."""
    return text.translate(_FULL_WIDTH)


def is_announced(text: str) -> bool:
    """Check whether a line has a text and a colon before a person's name: "Master of ceremonies: Ms. …"."""
    announced = _ANNOUNCED.fullmatch(text)
    return announced is not None and bool(split_honorific(announced["rest"])[0])


def cut_kind(text: str, kind: str) -> tuple[str, str]:
    """Remove the words that give the kind; return that kind, else `kind`, and the rest of the line."""
    while (label := read_label(text)) and label.field == "people" and label.rest:  # "Speakers: Moderator: Ms. …"
        text, kind = label.rest, label.kind or kind
    for shape in (_BY, _VERB_BY):
        by = shape.fullmatch(text)
        named = read_label(by["label"]) if by else None
        if by and named and named.field == "people":
            return named.kind, by["rest"]
    announced = _ANNOUNCED.fullmatch(text)
    if announced and split_honorific(announced["rest"])[0]:
        return kind, announced["rest"]
    return _cut_later_kind(text, kind)


def _cut_later_kind(text: str, kind: str) -> tuple[str, str]:
    """Remove a kind in brackets, after a dash, or right after the name."""
    for match in _KIND_AFTER_NAME.finditer(text):
        named = read_label(next(group for group in match.groups() if group))
        if named and named.field == "people" and not named.rest and match.start() > 3:
            return named.kind, (text[: match.start()] + text[match.end() :]).strip()
    last = _LAST_KIND.fullmatch(text)
    named = read_label(last["kind"]) if last else None
    return (named.kind, last["name"] + (last["rest"] or "")) if last and named else (kind, text)
