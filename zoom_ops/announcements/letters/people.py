"""The people in a sentence of a letter: "Dr A (WHO) and Prof B, University of C, will speak"."""

import re
from collections.abc import Iterator

from ...phrases.kinds import kind_of_label
from ...phrases.names import split_honorific
from ...phrases.people import cut_name, may_be
from ...phrases.words import fold, pattern_of, phrase_table
from ..lines import Line
from ..who.speakers import Entry

_ARE = r"(?:will\s+be|would\s+be|shall\s+be|are|is|include|includes|seront|sera|sont|est|seran|son|es)"
_LISTED = re.compile(
    r"(?:(?:our|the|confirmed|invited|main|two|three|les|nos|los|las|el|la)\s+)*"
    rf"(?P<label>[\w' -]{{3,30}}?)\s+{_ARE}\s*:?\s+"
)
_WILL = r"(?:will(?:\s+(?:both|also|each))?|would|is\s+going\s+to|are\s+going\s+to|va|vont|va\s+a|van\s+a)"
_SPEAKS = re.compile(rf",?\s+(?:{_WILL}\s+(?P<verb>{pattern_of('speaking')})|(?P<now>{pattern_of('speaks')}))(?!\w)")
_BY = re.compile(rf"(?:^|[,(]?\s+)(?:and\s+)?(?P<verb>{pattern_of('led')})\s+(?:by|par|por)\s+")
_FROM = re.compile(r"\s+(?:from|of|at|de la|del|de l'|du|de)\s+(?=(?:the\s+)?[A-ZÀ-Þ])")
_EACH_FROM = re.compile(r",?\s+from\s+(?:the\s+)?(?=[A-ZÀ-Þ])")
_ARTICLE = re.compile(r"(?<![^\s,])(?:la|el)\s+(?=(?:Dra?|Prof|Profa|Sra?|Ing|Lic)\b)")
_VERB_FIRST = re.compile(rf"(?P<verb>{pattern_of('leading_verbs')})\s+(?=(?:la\s+|el\s+|o\s+|a\s+)?[^\W\d_])")
_ENDS_OPEN = re.compile(r"(?i)\s*(?:and\s+)?(?:will\s+be|shall\s+be|is|are|sera|será|est|es)$")
_KINDS = {word: kind for kind in ("moderator", "chair", "opening", "closing") for word in phrase_table("letters")[kind]}
_OF_AN_AGENDA = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)")
_PARTS = re.compile(r",\s+|\s+[–—-]\s+|:\s+")
_FEW = 4  # words that say nothing more of the event


def people_in(line: Line, sentence: str) -> tuple[list[Entry], str]:
    """Find who speaks or moderates by a sentence; return them, and what of the sentence is left for everybody."""
    found: list[Entry] = []
    left: list[str] = []
    for clause in sentence.split("; "):
        entries, rest = _in_clause(line, clause)
        found.extend(entries)
        left.extend([rest] if rest else [])
    return found, sentence if left and not found else "; ".join(left)


def _in_clause(line: Line, clause: str) -> tuple[list[Entry], str]:
    bare = fold(clause)
    if _OF_AN_AGENDA.match(clause):
        return _in_agenda(line, clause), clause
    label, colon, rest = clause.partition(": ")
    if colon and (kind := kind_of_label(label)):
        return [_entry(line, rest, kind)], ""
    listed = _LISTED.match(bare)
    kind = kind_of_label(clause[listed.start("label") : listed.end("label")]) if listed else ""
    if listed and kind and _is_person(clause[listed.end() :]):
        return [_entry(line, clause[listed.end() :], kind)], ""
    led = _BY.search(bare)
    if led and _is_person(clause[led.end() :]):
        before = _ENDS_OPEN.sub("", clause[: led.start()].strip(" ,"))
        kept = f"{before.strip()}." if len(before.split()) > _FEW else ""
        return [_entry(line, clause[led.end() :], _kind_of(led["verb"]))], kept
    ahead = _VERB_FIRST.match(bare)
    if ahead and _is_person(_ARTICLE.sub("", clause[ahead.end() :])):
        return [_entry(line, clause[ahead.end() :], _kind_of(ahead["verb"]))], ""
    speaks = _SPEAKS.search(bare)
    if speaks and _is_person(clause[: speaks.start()]):
        verb = speaks["verb"] or speaks["now"]
        few = len(clause[speaks.end() :].split()) <= _FEW
        return [_entry(line, clause[: speaks.start()], _kind_of(verb))], "" if few else clause
    return [], clause


def _in_agenda(line: Line, text: str) -> list[Entry]:
    """Find the person behind a point of an agenda: "14:10 The new indicators, Dr Ada Lovelace, Radio Club"."""
    parts = _PARTS.split(text)
    place = next((place for place, part in enumerate(parts) if place and split_honorific(part)[0]), None)
    return [_entry(line, ", ".join(parts[place:]), "speaker")] if place and _is_person(parts[place]) else []


def _kind_of(verb: str) -> str:
    return next((kind for word, kind in _KINDS.items() if verb.startswith(word)), "speaker")


def _entry(line: Line, text: str, kind: str) -> Entry:
    return Entry(line=line, text=_with_commas(text.strip(" .;,")), kind=kind, certain=True)


def _with_commas(text: str) -> str:
    """Write "Ada Lovelace from the Radio Club" as "Ada Lovelace, Radio Club", and "la Dra. Ana" without the article."""
    return ", ".join(_pieces(_ARTICLE.sub("", _EACH_FROM.sub(", ", text))))


def _pieces(text: str) -> Iterator[str]:
    place = next((found for found in _FROM.finditer(text) if _is_person(text[: found.start()])), None)
    before = text[: place.start()] if place else text
    plain = place is not None and not {",", "("} & set(before)
    yield from (before, text[place.end() :]) if plain and place else (text,)


def _is_person(text: str) -> bool:
    """Check whether a text begins with a person: a name, or an honorific and a name."""
    text = text.strip(" ,")
    honorific, bare = split_honorific(text[:400])
    name = cut_name(bare)[0]
    name = re.split(r"\s+(?:and|et|y|und|from|of|at|de|du)\s+", name)[0]
    return len(text) <= 600 and (may_be(name) or (bool(honorific) and name[:1].isupper() and len(name.split()) <= 5))
