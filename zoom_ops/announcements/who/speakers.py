"""The performers, named in lines such as "Moderator: Ms. Mei Lin Fung, Chair, People Centered Internet".

Their kind stands in words such as "Moderator:", "Opening remarks by" or "(chair)".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from ...events import Performer, PerformerKind
from ..doubts import Doubts
from ..lines import Line, read_label
from .names import is_credential, looks_like_person, names_a_body, split_honorific
from .roles import is_body, is_role, read_position

KINDS: tuple[PerformerKind, ...] = get_args(PerformerKind)
LONGEST = 4_000  # the parser reads so many characters of one entry
_TIME = re.compile(
    r"(?i)^\(?\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s*(?:-|–|—"
    r"|to)\s*\d{1,2}[:.h]\d{2})?(?:\s*[ap]\.?m\.?)?\)?\s*[:|–—-]?\s+"
)
_BY_VIDEO = re.compile(
    r"(?i)\s*\((?:by |via )?(?:video(?: message| link)?|online|remote(?:ly)?|virtual(?:ly)?|en ligne|par vidéo"
    r"|en línea)\)"
)
_MINUTES = re.compile(r"(?i)\s*\(\s*\d{1,3}\s*(?:min|mins|minutes|’|')\.?\s*\)")
_UNCONFIRMED = re.compile(
    r"(?i)[\s,–-]*[(\[]?\b(?:tbc|tbd|to be confirmed|à confirmer|por confirmar|invited|invité"
    r"|invitada?o?)\b[)\]]?\.?\s*$"
)
_NOBODY = re.compile(r"(?i)(?:tbc|tbd|tba|to be (?:confirmed|announced|determined)|à confirmer|por confirmar)\b")
_EMAIL = re.compile(
    r"(?i)[\s,;]*[(\[<]?(?:e-?mail\s*:\s*)?(?P<email>[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})[)\]>]?"
)
_WEB = re.compile(r"\s*\(?https?://[^\s()]+\)?")
_SEPARATOR = re.compile(r"\s+[–—|-]\s+|\s*[;|]\s+|\s+[–—]|[–—]\s+")
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Jr|S\.A|e\.V|[A-Z]\.[A-Z])\.\s*$")
_KIND_AFTER_NAME = re.compile(
    r"\s*[(\[](?P<bracket>[^()\[\]]{3,40})[)\]]|\s+[–—-]\s*(?P<dash>[^()\[\],–—]{3,40})$"
    r"|,\s*(?P<comma>[Mm]oderator|[Ff]acilitator|[Mm]odératrice|[Mm]odérateur|[Mm]oderadora?)$"
)
_LAST_KIND = re.compile(r"(?P<name>[^,(]{4,80}) (?P<kind>Moderator|Facilitator|Chair)(?P<rest>,.*)?")
_VERB_BY = re.compile(
    r"(?i).{0,80}?\b(?P<label>(?:moderated|chaired|facilitated|animée?|modérée?) (?:by|par)|moderad[oa] por)\s+"
    r"(?P<rest>.+)"
)
_BY = re.compile(r"(?i)(?P<label>[^\W\d][\w '’&-]{3,40}?\s(?:by|par|por|von|from))\s+(?P<rest>.+)")
_ANNOUNCED = re.compile(r"[^:,]{2,80}:\s+(?P<rest>.+)")  # "Presentation of the report: Mr. ..."
_FULL_WIDTH = str.maketrans(
    {"，": ", ", "、": ", ", "：": ": ", "；": "; ", "（": " (", "）": ")", "،": ", ", "؛": "; "}
)
_BEFORE_NAME = re.compile(r"(?:,\s+|;\s+|\s+)(?:(?:and|et|y|und|e|&)\s+)?(?=(?P<word>\S{1,12}) )")
_JOINT = re.compile(r"(?:[,;\s]+|\b(?:and|et|y|und|e)\s*|&)+$")
_CUT = re.compile(r",\s*|\s*\(|\s+[–—|-]\s+|\s*;\s*|:\s+|\s*/\s+|\s+[–—]|[–—]\s+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line that may name people; `certain` if a label or heading announces them."""

    line: Line
    text: str
    kind: str = "speaker"
    certain: bool = False


def read_performers(entries: list[Entry], doubts: Doubts) -> tuple[Performer, ...]:
    """Read the performers of a programme; an entry that is uncertain or no person causes a doubt."""
    performers: dict[tuple[str, str], Performer] = {}
    for entry in entries:
        for performer in _read_entry(entry, doubts):
            performers.setdefault((performer.name.casefold(), performer.kind), performer)
    # Each person is listed once. Any other kind wins over speaker, as moderators are often listed as speakers too.
    special = {key for key, kind in performers if kind != "speaker"}
    kept: dict[str, Performer] = {}
    for (key, kind), person in performers.items():
        if key in kept or (kind == "speaker" and key in special):
            continue
        speaker = performers.get((key, "speaker"), person)
        missing = [name for name in ("honorific", "role", "organization", "email") if not getattr(person, name)]
        kept[key] = person.model_copy(update={name: getattr(speaker, name) for name in missing})
    return tuple(kept.values())


def people_of_agenda(lines: Sequence[Line]) -> list[Entry]:
    """Find the lines of an agenda that begin with a time and name a person."""
    return [
        Entry(line=line, text=line.text) for line in lines if _TIME.match(line.text) and speaks_of_person(line.text)
    ]


def speaks_of_person(text: str) -> bool:
    """Check whether a line looks like that of a person: an honorific, a label, or a name with role or body."""
    kind, rest = _cut_kind(_TIME.sub("", _narrow(text[:LONGEST])), "")
    honorific, bare = split_honorific(rest)
    name, details = _cut_name(bare)
    if honorific or kind:
        return bool(honorific and _is_name(name, certain=True)) or (bool(kind) and looks_like_person(name))
    return looks_like_person(name) and not is_role(name) and _give_position(_commas(details))


def is_person_line(text: str) -> bool:
    """Check whether a line without bullet or heading is that of a person: an honorific, then a comma or bracket."""
    kind, rest = _cut_kind(_narrow(text), "")
    honorific, bare = split_honorific(rest)
    short = len(text) <= 220 and (bool(kind) or not text.endswith((".", "?", "!")))
    announced = _ANNOUNCED.fullmatch(text)  # "Master of ceremonies: Ms. …"
    short_name = announced and split_honorific(announced["rest"])[0] and len(bare) <= 60
    has_details = bool(re.search(r"[,(]| – ", bare) or short_name)
    return bool(honorific) and short and has_details and speaks_of_person(rest)


def begins_person(text: str, *, after: str) -> bool:
    """Check whether a line begins a new person after the line `after`: with a label, "TBC", or another name."""
    if not text[:1].isupper():
        return False
    if _cut_kind(_narrow(text), "")[0] or is_unnamed(text):
        return True
    name = _cut_name(text)[0]
    return speaks_of_person(text) and not is_body(name) and (speaks_of_person(after) or is_unnamed(after))


def is_unnamed(text: str) -> bool:
    """Check whether a line holds the place of a person without a name yet: "TBC, FAO"."""
    return bool(_NOBODY.match(text))


def _read_entry(entry: Entry, doubts: Doubts) -> Iterator[Performer]:
    kind, rest = _cut_kind(_TIME.sub("", _MINUTES.sub("", _narrow(entry.text[:LONGEST]))), entry.kind)
    rest, is_list = _WEB.sub("", rest), entry.certain and not entry.line.bullet
    if is_list and (names := _listed_names(rest.strip(" .;"))):
        doubts.add("performers", entry.line, f"read as {len(names)} names, none of them an organisation")
    for single in _split_people(rest, is_list=is_list):
        performer, doubt = _read_person(single, kind, certain=entry.certain or kind != "speaker")
        if doubt:
            doubts.add("performers", entry.line, doubt)
        if performer:
            yield performer


def _split_people(text: str, *, is_list: bool) -> list[str]:
    """Split a line that lists several people; the line of one person stays in one piece."""
    text = text.strip(" .;")
    if "; " in text:
        pieces = [piece.strip() for piece in re.split(r";\s+(?:and\s+)?", text)]
        if all(split_honorific(piece)[0] or speaks_of_person(piece) or looks_like_person(piece) for piece in pieces):
            return pieces
    if is_list and (names := _listed_names(text)):
        return names
    starts = [0]
    for match in _BEFORE_NAME.finditer(text):
        short = "." in match["word"] or len(match["word"]) <= 4  # "Mr."; "Professor Emeritus" may be a role
        if match[0].strip() and short and match.end() > 4 and split_honorific(text[match.end() : match.end() + 100])[0]:
            starts.append(match.end())
    if len(starts) == 1:
        return [text] if split_honorific(text)[0] else _split_plain(text, is_list=is_list)
    pieces = [_JOINT.sub("", text[begin:end]).strip() for begin, end in pairwise([*starts, len(text)])]
    if len(pieces) == 2 and not re.search("[,(]", pieces[0]) and "," in pieces[1]:
        pieces[0] += f", {pieces[1].partition(',')[2].strip()}"  # "Mr. A and Ms. B, Co-chairs, UNGIS"
    return pieces


def _listed_names(text: str) -> list[str]:
    """Split "Ada Lovelace, Grace Hopper, Prof. Edsger W. Dijkstra" if every part is a short personal name."""
    if "(" in text or split_honorific(text)[0]:  # then the text after the first name is probably its role
        return []
    pieces = [piece.strip() for piece in re.split(r",\s+(?:(?:and|et|y|und|e|&)\s+)?", text)]
    names = [split_honorific(piece)[1] for piece in pieces]
    plain = all(looks_like_person(name) and len(name.split()) <= 4 and not is_role(name) for name in names)
    return pieces if len(pieces) > 1 and plain and not any(map(is_body, names)) else []


def _split_plain(text: str, *, is_list: bool) -> list[str]:
    """Split "Ada Lovelace (ITU), Alan Turing (UNESCO) and Grace Hopper" if every piece is a person."""
    pieces = [
        piece.strip()
        for piece in re.split(r",\s+(?![^()]*\))(?:and\s+|et\s+|y\s+)?|\s+(?:and|et|y|und|&)\s+(?![^()]*\))", text)
    ]
    names = [piece.partition("(")[0].strip() for piece in pieces]
    people = all(looks_like_person(name) and not is_role(name) and not is_body(name) for name in names)
    bracketed = all(piece.endswith(")") for piece in pieces)
    return pieces if 1 < len(pieces) <= 60 and people and (bracketed or is_list) else [text]


def _read_person(text: str, kind: str, *, certain: bool) -> tuple[Performer | None, str]:
    text = _BY_VIDEO.sub("", text)
    email = _EMAIL.search(text)
    if email:
        text = (text[: email.start()] + text[email.end() :]).strip(" ,;")
    text, unconfirmed = _UNCONFIRMED.subn("", text)
    if not text.strip() or is_unnamed(text.strip()):
        return None, "the announcement names nobody here yet"
    honorific, bare = split_honorific(text.strip())
    name, details = _cut_name(bare)
    dashed = [part.strip(" ,") for part in _SEPARATOR.split(details) if part.strip(" ,")]
    parts = [part for part in (dashed if len(dashed) > 1 else _commas(details)) if not is_credential(part)]
    if not _is_name(name, certain=bool(honorific)) or not (honorific or certain or _give_position(parts)):
        shown = text.strip()[:100]
        return None, f"{shown!r} stands among the speakers and does not look like a person; nobody was added"
    position = read_position(parts)
    performer = Performer(
        kind=next((known for known in KINDS if known == kind), "speaker"),
        honorific=honorific,
        name=name,
        role=position.role,
        organization=position.organization,
        email=email["email"].lower() if email else None,
    )
    doubt = "not confirmed according to the announcement" if unconfirmed else position.doubt
    return performer, f"{name}: {doubt}" if doubt else ""


def _cut_kind(text: str, kind: str) -> tuple[str, str]:
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
    for match in _KIND_AFTER_NAME.finditer(text):
        named = read_label(next(group for group in match.groups() if group))
        if named and named.field == "people" and not named.rest and match.start() > 3:
            return named.kind, (text[: match.start()] + text[match.end() :]).strip()
    last = _LAST_KIND.fullmatch(text)
    named = read_label(last["kind"]) if last else None
    return (named.kind, last["name"] + (last["rest"] or "")) if last and named else (kind, text)


def _narrow(text: str) -> str:
    """Replace full-width and Arabic punctuation by the ASCII signs that the patterns expect."""
    return text.translate(_FULL_WIDTH)


def _cut_name(text: str) -> tuple[str, str]:
    match = _CUT.search(text)
    if not match:
        return text.strip(" .,;:"), ""
    rest = text[match.end() :]
    if "(" in match[0]:
        inside, _, behind = rest.partition(")")
        rest = ", ".join(part for part in (inside.strip(), behind.strip(" ,–—-:")) if part)
    return text[: match.start()].strip(" .,;:"), rest


def _commas(details: str) -> list[str]:
    """Split the text after a name at its commas outside brackets."""
    parts = re.split(r",\s*(?![^()]*\))", details)
    return [part.strip(" ;") if _ABBREVIATED.search(part) else part.strip(" .;") for part in parts if part.strip(" .;")]


def _give_position(parts: list[str]) -> bool:
    """Check whether the parts after a name are a role or a body; two or more need not be known words."""
    return len(parts) >= 2 or any(is_role(part) or is_body(part) for part in parts)


def _is_name(name: str, *, certain: bool) -> bool:
    """Check whether a text is a name: after an honorific any capitalised words, else one that looks personal."""
    if not certain:
        return looks_like_person(name) and not is_role(name)
    words = name.split()
    if not 1 <= len(words) <= 8 or re.search(r"\d", name) or names_a_body(name):
        return False
    capitalised = [word for word in words if not word[0].islower()]
    return bool(capitalised) and all(word in capitalised or len(word) <= 4 for word in words)
