"""The performers, named in lines such as "Moderator: Ms. Mei Lin Fung, Chair, People Centered Internet"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise
from typing import get_args

from ...events import Performer, PerformerKind
from ...phrases.kinds import BRACKET, announced, cut_kind, kind_of_label, narrow
from ...phrases.names import is_credential, is_honorific, looks_like_person, names_a_body, split_honorific
from ...phrases.people import DASH, count_bracketed, cut_name, is_subject, is_thing, may_be, second_name
from ...phrases.roles import is_body, is_role, read_position
from ...phrases.words import fold, word_list
from ..doubts import Doubts
from ..lines import Line
from .mentions import names_anyone

ANOTHER = "another person may be named on this line; write each on a line of their own"
_THING = "this may be a body, a place or a point of the programme, and no person"
KINDS: tuple[PerformerKind, ...] = get_args(PerformerKind)
_PARTS = ("honorific", "role", "organization", "email")
_REMARKS, _UNCONFIRMED = word_list("remarks"), word_list("unconfirmed")
_EMAIL = re.compile(
    r"(?i)[\s,;]*[(\[<]?(?:e-?mail\s*:\s*)?(?P<email>[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})[)\]>]?"
)
_ABBREVIATED = ("Inc.", "Ltd.", "Co.", "Corp.", "Jr.", "S.A.", "e.V.", "U.S.", "U.K.")
_AND = frozenset(["and", "et", "y", "und", "e", "&", "и", "و"])
_LIST = re.compile(r",\s+(?![^()]*\))(?:(?:and|et|y)\s+)?|\s+(?:and|et|y|und|e|en|и|&|/)\s+(?![^()]*\))")
_BEHIND_BRACKET = re.compile(r"(?<=\))\s*[,;]?\s*(?:(?:and|et|y|und|e|en|и|&)\s+)?(?=\S)")
_COMMA = re.compile(r",\s*(?![^()]*\))")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line that may name people; `certain` if a label or heading announces them."""

    line: Line
    text: str
    kind: str = "speaker"
    certain: bool = False


def read_performers(entries: list[Entry], doubts: Doubts) -> tuple[Performer, ...]:
    """Read the performers of a programme; an entry that is uncertain or no person causes a doubt.

    Each person is listed once, with what any of the lines says. A moderator who is also listed as speaker moderates.
    """
    people: dict[str, Performer] = {}
    for entry in entries:
        for person in _read_entry(entry, doubts):
            known = people.setdefault(person.name.casefold(), person)
            missing = {name: getattr(person, name) for name in _PARTS if not getattr(known, name)}
            missing |= {"kind": person.kind} if known.kind == "speaker" else {}
            people[person.name.casefold()] = known.model_copy(update=missing)
    return tuple(people.values())


def speaks_of_person(text: str) -> bool:
    """Check whether a line looks like that of a person: an honorific, a label, or a name with role or body."""
    kind, rest = cut_kind(narrow(text), "")
    honorific, bare = split_honorific(rest)
    name, details = cut_name(bare)
    if honorific or kind:
        return bool(honorific and _is_name(name, certain=True)) or (bool(kind) and looks_like_person(name))
    return looks_like_person(name) and not is_role(name) and not is_body(name) and _give_position(_commas(details))


def is_person_line(text: str) -> bool:
    """Check whether a line without bullet or heading is that of a person: an honorific, then a comma or bracket."""
    kind, rest = cut_kind(narrow(text), "")
    honorific, bare = split_honorific(rest)
    short = len(text) <= 220 and (bool(kind) or not text.endswith((".", "?", "!")))
    has_details = any(sign in bare for sign in (",", "(", " – "))
    return bool(honorific) and short and (has_details or bool(announced(text))) and speaks_of_person(rest)


def begins_person(text: str, *, after: str) -> bool:
    """Check whether a line begins a new person after the line `after`: with a label, "TBC", or another name."""
    if not text[:1].isupper():
        return False
    if cut_kind(narrow(text), "")[0] or is_unnamed(text):
        return True
    return speaks_of_person(text) and not is_body(cut_name(text)[0]) and (speaks_of_person(after) or is_unnamed(after))


def is_unnamed(text: str) -> bool:
    """Check whether a line holds the place of a person without a name yet: "TBC, FAO"."""
    folded = fold(text[:40]).strip(" .")
    return any(folded == word or folded.startswith((f"{word} ", f"{word},")) for word in _UNCONFIRMED[:8])


def _read_entry(entry: Entry, doubts: Doubts) -> Iterator[Performer]:
    kind, rest = cut_kind(narrow(entry.text), entry.kind)
    before, cut, _ = narrow(entry.text).rpartition(rest)
    if cut and names_anyone(before, anywhere=True):  # "Dr. A and moderated by Dr. B"
        doubts.add("performers", entry.line, ANOTHER)
    is_list = entry.certain and not entry.line.bullet
    if is_list and (names := _listed_names(rest.strip(" .;"))):
        doubts.add("performers", entry.line, f"read as {len(names)} names, none of them an organisation")
    singles = _split_people(rest, is_list=is_list)
    behind = cut_name(rest.partition("), ")[2])[0]  # "Ada Lovelace (London), Bob Ray"
    alone = len(singles) == 1 and may_be(behind) and not is_subject(behind)
    if alone or count_bracketed(rest) > len(singles):
        doubts.add("performers", entry.line, ANOTHER)
    if len(singles) > 1 and " e " in rest:
        doubts.add("performers", entry.line, "“e” is read as “and” between two names; it may be part of one")
    for single in singles:
        lead, _, led = single.partition(" ")  # "Modera Elena Greco"
        named = kind_of_label(lead) and may_be(cut_name(led)[0])
        part, person = (kind_of_label(lead), led) if named else (kind, single)
        performer, doubt = _read_person(person, part, certain=entry.certain or kind != "speaker")
        if doubt:
            doubts.add("performers", entry.line, doubt)
        if performer:
            yield performer


def _split_people(text: str, *, is_list: bool) -> list[str]:
    """Split a line that lists several people; the line of one person stays in one piece."""
    text = text.strip(" .;")
    if "; " in text:
        pieces = [_without_and(piece) for piece in text.split("; ") if piece.strip()]
        told = [[split_honorific(one)[0], speaks_of_person(one), looks_like_person(cut_name(one)[0])] for one in pieces]
        if all(map(any, told)):
            return pieces
    if is_list and (names := _listed_names(text)):
        return names
    if bracketed := _split_bracketed(text):
        return bracketed
    starts = [0, *(place + 1 for place, sign in enumerate(text) if sign == " " and _begins_titled(text, place))]
    if len(starts) == 1:
        return [text] if split_honorific(text)[0] else _split_plain(text, is_list=is_list)
    pieces = [_without_and(text[begin:end]) for begin, end in pairwise([*starts, len(text)])]
    if len(pieces) == 2 and not {",", "("} & set(pieces[0]) and "," in pieces[1]:
        pieces[0] += f", {pieces[1].partition(',')[2].strip()}"  # "Mr. A and Ms. B, Co-chairs, UNGIS"
    return pieces


def _split_bracketed(text: str) -> list[str]:
    """Split "Dr. Ada Lovelace (ITU), Alan Turing, PhD (UNESCO) and Grace Hopper, Navy" if every piece is a person."""
    joints = [*_BEHIND_BRACKET.finditer(text)]
    begins, ends = [0, *(joint.end() for joint in joints)], [*(joint.start() for joint in joints), len(text)]
    pieces = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
    ended = text.endswith(")") or (bool(joints) and any(map(str.isalpha, joints[-1][0])))
    told = all(may_be(cut_name(split_honorific(piece)[1])[0]) for piece in pieces)
    return pieces if ended and told and 1 < len(pieces) <= 60 else []


def _begins_titled(text: str, place: int) -> bool:
    """Check whether another person begins after a space: a joint, then an honorific such as "Mr."."""
    before, behind = text[:place].rstrip(), text[place + 1 : place + 100]
    joint = before.endswith((",", ";")) or before.rpartition(" ")[2].casefold() in _AND
    word = behind.partition(" ")[0]
    short = "." in word or len(word) <= 4  # "Professor Emeritus" may be a role
    return joint and short and place > 4 and split_honorific(behind)[0] is not None


def _without_and(text: str) -> str:
    """Remove the joints at both ends of a piece of a list."""
    words = dropwhile(lambda word: word.casefold() in _AND, text.strip(" ,;").split())
    turned = dropwhile(lambda word: word.casefold() in _AND, [*words][::-1])
    return " ".join([*turned][::-1]).strip(" ,;")


def _listed_names(text: str) -> list[str]:
    """Split "Ada Lovelace, Grace Hopper, Prof. Edsger W. Dijkstra" if every part is a short personal name."""
    if "(" in text or split_honorific(text)[0]:  # then the text after the first name is probably its role
        return []
    pieces = [_without_and(piece) for piece in text.split(", ")]
    names = [split_honorific(piece)[1] for piece in pieces]
    plain = all(may_be(name) and len(name.split()) <= 4 for name in names)
    return pieces if len(pieces) > 1 and plain else []


def _split_plain(text: str, *, is_list: bool) -> list[str]:
    """Split "Ada Lovelace (ITU), Alan Turing (UNESCO) and Grace Hopper" if every piece is a person."""
    pieces = [piece.strip() for piece in _LIST.split(text) if piece.strip()]
    names = [piece.partition("(")[0].strip() for piece in pieces]
    people = all(map(may_be, names))
    bracketed = all(piece.endswith(")") for piece in pieces)
    return pieces if 1 < len(pieces) <= 60 and people and (bracketed or is_list) else [text]


def _read_person(text: str, kind: str, *, certain: bool) -> tuple[Performer | None, str]:
    email = _EMAIL.search(text)
    if email:
        text = (text[: email.start()] + text[email.end() :]).strip(" ,;")
    text, unconfirmed = _without_remarks(text)
    if not text or is_unnamed(text):
        return None, "the announcement names nobody here yet"
    honorific, bare = split_honorific(text)
    name, details = cut_name(bare)
    dashed = [part.strip(" ,") for part in DASH.split(details) if part.strip(" ,")]
    parts = [part for part in (dashed if len(dashed) > 1 else _commas(details)) if not is_credential(part)]
    thing = not honorific and is_thing(name)
    known = honorific or (certain and not thing) or _give_position(parts)
    if not _is_name(name, certain=bool(honorific)) or not known:
        shown = text.strip()[:100]
        return None, f"{shown!r} stands among the speakers and does not look like a person; nobody was added"
    position = read_position(parts)
    unsure = _THING if thing else position.doubt
    performer = Performer(
        kind=next((known for known in KINDS if known == kind), "speaker"),
        honorific=honorific,
        name=name,
        role=position.role,
        organization=position.organization,
        email=email["email"].lower() if email else None,
    )
    doubt = "not confirmed according to the announcement" if unconfirmed else unsure
    written = [_in_small(part) if name.isupper() else part for part in parts]  # "ADA LOVELACE and BOB RAY"
    listed = len(dashed) > 1 and sum(map(may_be, parts)) > 1  # "A (Chair) | B | C"
    joined = any(word in _AND or (word[-1] == "." and len(word) > 3) for word in name.split()[1:-1])
    titled = any(is_honorific(word) and word[0].isupper() and word.endswith(".") for word in details.split())
    if listed or joined or titled or _name_another(written):
        doubt = ANOTHER
    return performer, f"{name}: {doubt}" if doubt else ""


def _in_small(text: str) -> str:
    return " ".join(word.title() if word.isupper() else word for word in text.split())


def _name_another(parts: Sequence[str]) -> bool:
    """Check whether one of the parts after a name holds a second name: behind a joint, or with a position."""
    plain = bool(parts) and not (is_role(parts[0]) or is_body(parts[0]))  # "Ada Lovelace, London, Bob Ray, York"
    for place, (part, later) in enumerate(pairwise(parts)):
        held = is_body(later) or is_role(later) or (place and (plain or later[0].islower()))
        if held and may_be(part) and not is_subject(part):
            return True
    return any(names_anyone(part, anywhere=part.split()[0] in _AND) or second_name(part) for part in parts)


def _without_remarks(text: str) -> tuple[str, bool]:
    """Remove remarks such as "(by video)" and "(TBC)"; return the rest, and whether the person is not confirmed."""
    unconfirmed = False
    for match in [*BRACKET.finditer(text)][::-1]:
        said = fold(match[1]).strip(" .")
        if said in _UNCONFIRMED or said in _REMARKS or said.endswith((" min", " minutes", " mins")):
            unconfirmed = unconfirmed or said in _UNCONFIRMED
            text = f"{text[: match.start()]}{text[match.end() :]}"
    text = text.strip(" .,;–—-")
    ending = next((word for word in _UNCONFIRMED if fold(text).endswith((f" {word}", f",{word}"))), "")
    return (text[: len(text) - len(ending)].strip(" ,;–—-"), True) if ending else (text, unconfirmed)


def _commas(details: str) -> list[str]:
    """Split the text after a name at its commas outside brackets."""
    parts = [part.strip(" ;") for part in _COMMA.split(details)]
    return [part if part.endswith(_ABBREVIATED) else part.strip(" .;") for part in parts if part.strip(" .;")]


def _give_position(parts: Sequence[str]) -> bool:
    """Check whether the parts after a name are a role or a body; two or more need not be known words."""
    return len(parts) >= 2 or any(is_role(part) or is_body(part) for part in parts)


def _is_name(name: str, *, certain: bool) -> bool:
    """Check whether a text is a name: after an honorific any capitalised words, else one that looks personal."""
    if not certain:
        return looks_like_person(name) and not is_role(name)
    words = name.split()
    if not 1 <= len(words) <= 8 or any(sign.isdigit() for sign in name) or names_a_body(name):
        return False
    capitalised = [word for word in words if not word[0].islower()]
    return bool(capitalised) and all(word in capitalised or len(word) <= 4 for word in words)
