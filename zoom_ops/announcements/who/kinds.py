"""What a person does on the programme, as their line tells it: "Moderator:", "Opening remarks by", "(chair)"."""

import re

from ..lines import read_label
from .names import split_honorific

_SAID_KIND = re.compile(
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
    """Write full-width punctuation as the narrow kind that the patterns know."""
    return text.translate(_FULL_WIDTH)


def is_announced(text: str) -> bool:
    """Say whether a line puts something before a person's name: "Master of ceremonies: Ms. …"."""
    announced = _ANNOUNCED.fullmatch(text)
    return announced is not None and bool(split_honorific(announced["rest"])[0])


def cut_kind(text: str, kind: str) -> tuple[str, str]:
    """Cut what tells the kind off a line: gives the kind, or the given one, and what is left."""
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
    return _cut_said(text, kind)


def _cut_said(text: str, kind: str) -> tuple[str, str]:
    """Cut a kind in brackets, after a dash, or right after the name."""
    for said in _SAID_KIND.finditer(text):
        named = read_label(next(group for group in said.groups() if group))
        if named and named.field == "people" and not named.rest and said.start() > 3:
            return named.kind, (text[: said.start()] + text[said.end() :]).strip()
    last = _LAST_KIND.fullmatch(text)
    named = read_label(last["kind"]) if last else None
    return (named.kind, last["name"] + (last["rest"] or "")) if last and named else (kind, text)
