"""The performers, named in lines such as "Moderator: Ms. Mei Lin Fung, Chair, People Centered Internet"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from ...events import Performer, PerformerKind
from ..doubts import Doubts
from ..lines import Line
from .kinds import cut_kind, is_announced, narrow
from .names import is_credential, looks_like_person, names_a_body, split_honorific
from .roles import is_body, is_role, read_position

KINDS: tuple[PerformerKind, ...] = get_args(PerformerKind)
LONGEST = 4_000  # the parser reads so many characters of one entry
_TIME = re.compile(
    r"^\(?\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s*(?:-|–|—"
    r"|to)\s*\d{1,2}[:.h]\d{2})?(?:\s*[ap]\.?m\.?)?\)?\s*[:|–—-]?\s+",
    re.IGNORECASE,
)
_BY_VIDEO = re.compile(
    r"\s*\((?:by |via )?(?:video(?: message| link)?|online|remote(?:ly)?|virtual(?:ly)?|en ligne|par vidéo|en línea)\)",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"\s*\(\s*\d{1,3}\s*(?:min|mins|minutes|’|')\.?\s*\)", re.IGNORECASE)
_UNCONFIRMED = re.compile(
    r"[\s,–-]*[(\[]?\b(?:tbc|tbd|to be confirmed|à confirmer|por confirmar|invited|invité"
    r"|invitada?o?)\b[)\]]?\.?\s*$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:tbc|tbd|tba|to be (?:confirmed|announced|determined)|à confirmer|por confirmar)\b", re.IGNORECASE
)
_EMAIL = re.compile(
    r"[\s,;]*[(\[<]?(?:e-?mail\s*:\s*)?(?P<email>[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})[)\]>]?",
    re.IGNORECASE,
)
_WEB = re.compile(r"\s*\(?https?://[^\s()]+\)?")
_SEPARATOR = re.compile(r"\s+[–—|-]\s+|\s*[;|]\s+|\s+[–—]|[–—]\s+")
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Jr|S\.A|e\.V|[A-Z]\.[A-Z])\.\s*$")
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
    return _once(tuple(performers.values()))


def _once(performers: tuple[Performer, ...]) -> tuple[Performer, ...]:
    """List each person once. Any other kind wins over speaker, as moderators are often listed as speakers too."""
    special = {person.name.casefold() for person in performers if person.kind != "speaker"}
    kept: dict[str, Performer] = {}
    for person in performers:
        key = person.name.casefold()
        if person.kind == "speaker" and key in special:
            continue
        kept.setdefault(key, person)
    plain = {person.name.casefold(): person for person in performers if person.kind == "speaker"}
    return tuple(_completed(person, plain.get(key)) for key, person in kept.items())


def _completed(person: Performer, other: Performer | None) -> Performer:
    if other is None or person is other:
        return person
    missing = {
        name: getattr(other, name)
        for name in ("honorific", "role", "organization", "email")
        if not getattr(person, name)
    }
    return person.model_copy(update=missing)


def people_of_agenda(lines: Sequence[Line]) -> list[Entry]:
    """Find the lines of an agenda that begin with a time and name a person."""
    return [
        Entry(line=line, text=line.text) for line in lines if _TIME.match(line.text) and speaks_of_person(line.text)
    ]


def speaks_of_person(text: str) -> bool:
    """Check whether a line looks like that of a person: an honorific, a label, or a name with role or body."""
    kind, rest = cut_kind(_TIME.sub("", narrow(text[:LONGEST])), "")
    honorific, bare = split_honorific(rest)
    name, details = _cut_name(bare)
    if honorific or kind:
        return bool(honorific and _is_name(name, certain=True)) or (bool(kind) and looks_like_person(name))
    parts = _commas(details)
    return (
        looks_like_person(name)
        and not is_role(name)
        and (len(parts) >= 2 or (len(parts) == 1 and (is_role(parts[0]) or is_body(parts[0]))))
    )


def is_person_line(text: str) -> bool:
    """Check whether a line without bullet or heading is that of a person: an honorific, then a comma or bracket."""
    kind, rest = cut_kind(narrow(text), "")
    honorific, bare = split_honorific(rest)
    short = len(text) <= 220 and (bool(kind) or not text.endswith((".", "?", "!")))
    has_details = bool(re.search(r"[,(]| – ", bare)) or (is_announced(text) and len(bare) <= 60)
    return bool(honorific) and short and has_details and speaks_of_person(rest)


def begins_person(text: str, *, after: str) -> bool:
    """Check whether a line begins a new person after the line `after`: with a label, "TBC", or another name."""
    if not text[:1].isupper():
        return False
    if cut_kind(narrow(text), "")[0] or is_unnamed(text):
        return True
    name = _cut_name(text)[0]
    return speaks_of_person(text) and not is_body(name) and (speaks_of_person(after) or is_unnamed(after))


def is_unnamed(text: str) -> bool:
    """Check whether a line holds the place of a person without a name yet: "TBC, FAO"."""
    return bool(_NOBODY.match(text))


def _read_entry(entry: Entry, doubts: Doubts) -> Iterator[Performer]:
    kind, rest = cut_kind(_TIME.sub("", _MINUTES.sub("", narrow(entry.text[:LONGEST]))), entry.kind)
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
    starts = [0, *_honorific_starts(text)]
    if len(starts) > 1:
        pieces = [text[begin:end] for begin, end in zip(starts, [*starts[1:], len(text)], strict=True)]
        return _shared_details(
            [re.sub(r"(?:[,;\s]+|\b(?:and|et|y|und|e)\s*|&)+$", "", piece).strip() for piece in pieces]
        )
    return [text] if split_honorific(text)[0] else _split_plain(text, is_list=is_list)


def _listed_names(text: str) -> list[str]:
    """Split "Ada Lovelace, Grace Hopper, Prof. Edsger W. Dijkstra" if every part is a short personal name."""
    if "(" in text or split_honorific(text)[0]:  # then the text after the first name is probably its role
        return []
    pieces = [piece.strip() for piece in re.split(r",\s+(?:(?:and|et|y|und|e|&)\s+)?", text)]
    names = [split_honorific(piece)[1] for piece in pieces]
    plain = all(looks_like_person(name) and len(name.split()) <= 4 and not is_role(name) for name in names)
    return pieces if len(pieces) > 1 and plain and not any(map(is_body, names)) else []


def _honorific_starts(text: str) -> Iterator[int]:
    for match in re.finditer(r"(?:,\s+|;\s+|\s+)(?:(?:and|et|y|und|e|&)\s+)?(?=(?P<word>\S{1,12}) )", text):
        short = "." in match["word"] or len(match["word"]) <= 4  # "Mr."; "Professor Emeritus" may be a role
        if match[0].strip() and short and match.end() > 4 and split_honorific(text[match.end() : match.end() + 100])[0]:
            yield match.end()


def _shared_details(pieces: list[str]) -> list[str]:
    """Apply the details in "Mr. A and Ms. B, Co-chairs, UNGIS" to both people."""
    if len(pieces) == 2 and "," not in pieces[0] and "(" not in pieces[0] and "," in pieces[1]:
        return [f"{pieces[0]}, {pieces[1].partition(',')[2].strip()}", pieces[1]]
    return pieces


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
    text, email = _cut_email(_BY_VIDEO.sub("", text))
    text, unconfirmed = _UNCONFIRMED.subn("", text)
    if not text.strip() or is_unnamed(text.strip()):
        return None, "the announcement names nobody here yet"
    honorific, bare = split_honorific(text.strip())
    name, details = _cut_name(bare)
    dashed = [part.strip(" ,") for part in _SEPARATOR.split(details) if part.strip(" ,")]
    parts = [part for part in (dashed if len(dashed) > 1 else _commas(details)) if not is_credential(part)]
    placed = len(parts) >= 2 or (len(parts) == 1 and (is_role(parts[0]) or is_body(parts[0])))
    if not _is_name(name, certain=bool(honorific)) or not (honorific or certain or placed):
        shown = text.strip()[:100]
        return None, f"{shown!r} stands among the speakers and does not look like a person; nobody was added"
    position = read_position(parts)
    performer = Performer(
        kind=next((known for known in KINDS if known == kind), "speaker"),
        honorific=honorific,
        name=name,
        role=position.role,
        organization=position.organization,
        email=email,
    )
    doubt = "not confirmed according to the announcement" if unconfirmed else position.doubt
    return performer, f"{name}: {doubt}" if doubt else ""


def _cut_email(text: str) -> tuple[str, str | None]:
    match = _EMAIL.search(text)
    if not match:
        return text, None
    return (text[: match.start()] + text[match.end() :]).strip(" ,;"), match["email"].lower()


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


def _is_name(name: str, *, certain: bool) -> bool:
    """Check whether a text is a name: after an honorific any capitalised words, else one that looks personal."""
    if not certain:
        return looks_like_person(name) and not is_role(name)
    words = name.split()
    if not 1 <= len(words) <= 8 or re.search(r"\d", name) or names_a_body(name):
        return False
    capitalised = [word for word in words if not word[0].islower()]
    return bool(capitalised) and all(word in capitalised or len(word) <= 4 for word in words)
