"""The organizers, named in sentences such as "A side event organized by the ... (UNGIS) and the ... (WSIS)"."""

import re
from collections.abc import Iterator, Sequence

from ...events import Organizer
from ..doubts import Doubts
from ..lines import Line
from ..who.roles import is_acronym, is_body

LONGEST = 4_000  # the parser reads so many characters of one line
_VERBS = (
    r"(?:(?:co|jointly)[\s-]?)?(?:organi[sz]ed|hosted|convened|presented|sponsored|brought to you)(?:\s+(?:jointly"
    r"|together))?\s+by|(?:co[\s-]?)?organis[ée]e?s?\s+(?:conjointement\s+)?par|présentée?\s+par|proposée?\s+par"
    r"|(?:co[\s-]?)?organizad[oa]s?\s+(?:conjuntamente\s+)?por|convocad[oa]\s+por|organisiert\s+von"
    r"|eine\s+veranstaltung\s+(?:von|des|der)"
)
_PARTNERS = (
    r"(?:in|with|en|con)\s+(?:(?:the|close|le|el)\s+)?(?:partnership|collaboration|cooperation|co-operation|association"
    r"|support|partenariat|coopération|colaboración|cooperación|asociación|soutien|apoyo)\s+(?:with|of|avec|con|de|du)"
    r"|together\s+with|in\s+zusammenarbeit\s+mit|avec\s+le\s+soutien\s+(?:de|du|des)|con\s+el\s+apoyo\s+de(?:l)?"
)
_SENTENCE = re.compile(rf"(?i)(?:^|\b)(?:{_VERBS})\s*:?\s+(?P<who>.+)")
_INVITES = re.compile(
    r"(?i)(?P<who>(?:the |l['’]|le |la |el )?[A-Z][^.:]{3,200}?)\s+(?:(?:cordially|kindly)\s+)?(?:invites?"
    r"|is pleased to|are pleased to|have the pleasure|has the pleasure|vous invite|le invita|invitan?)\b"
)
_PARTNER = re.compile(rf"(?i)[,;]?\s*(?:and\s+|et\s+|y\s+)?\b(?:{_PARTNERS})\s*:?\s+")
_OPENS_HEADER = re.compile(
    rf"(?i)^\(?(?:(?:an?|this|the|une?|cet|cette|un|una|este|esta"
    rf"|eine?)\s+)?(?:[\w'’&-]+\s+){{0,6}}?(?:is\s+|est\s+|es\s+)?(?:{_VERBS}|{_PARTNERS})\b"
)
_ENDS_IN_PROSE = re.compile(
    r"(?is)[,.;]?\s+\b(?:will|would|aims?|seeks?|is|are|was|were|takes?|brings?|explores?|offers?|provides?|focus(?:es"
    r"|ed)|on the (?:margins|occasion|sidelines)|in the margins|as part|during|at the|held|to (?:discuss|explore|share"
    r"|present|be|help|mark)|which|that|where|se\s+tiendra|vise|portera|tendrá|se\s+celebrará|busca|aura)\b.*"
)
_ARTICLE = re.compile(r"(?i)^(?:the|les|le|la|los|las|el|il|der|die|das|des|du|de la|de l['’]|del|l['’])\s*(?<=[\s'’])")
_NEXT_ARTICLE = r"(?:the\s|l['’]|les?\s|la\s|los\s|las\s|el\s|du\s|des\s|del\s|de\s+l)"
_VERB = re.compile(rf"(?i)[,;]?\s*\b(?:and\s+)?(?:{_VERBS})\s*:?\s+")
_AND = r"(?:and|&|et|y|e|und|as well as|along with|together with|ainsi que|así como)"
_SEPARATOR = re.compile(r"\s*[;|•]\s*|\s+[/]\s+")
_AFTER_BRACKET = re.compile(rf"(?<=\))\s*,?\s*{_AND}\s+|(?<=\)),\s*(?:{_AND}\s+)?")
_AND_ARTICLE = re.compile(rf"(,?\s+{_AND}\s+)(?={_NEXT_ARTICLE})")
_ACRONYM = re.compile(r"(?P<name>.+?)\s*\((?P<acronym>[A-Z][\w&/.-]*(?:[ -][A-Z][\w&/.-]*){0,2})\)\.?")


def is_organizer_sentence(text: str) -> bool:
    """Check whether a line begins with words such as "Organized by" and is not a paragraph."""
    return (
        len(text) <= 700
        and bool(_OPENS_HEADER.match(text))
        and not re.search(r"\b(?:will|aims|seeks|vise|busca)\b", text[:300])
    )


def is_named_body(text: str) -> bool:
    """Check whether a line is only the full name of a body with its acronym."""
    match = _ACRONYM.fullmatch(text)
    return match is not None and "," not in text and is_body(match["name"]) and len(match["acronym"]) <= 12


def read_organizers(lines: Sequence[tuple[Line, str]], doubts: Doubts) -> tuple[Organizer, ...]:
    """Read the organizers from the lines that name them. Commas that leave their number open cause a doubt."""
    organizers: dict[str, Organizer] = {}
    for line, text in lines:
        for written in _iter_names(line, text, doubts):
            bare = _ARTICLE.sub("", written.strip(" .,;:")).strip()
            match = _ACRONYM.fullmatch(bare)
            name, acronym = (match["name"].strip(" ,"), match["acronym"]) if match else (bare, None)
            if name:
                organizers.setdefault((acronym or name).casefold(), Organizer(name=name, acronym=acronym))
    return tuple(organizers.values())


def organizers_in_prose(lines: Sequence[Line], doubts: Doubts) -> tuple[Organizer, ...]:
    """Find the organizers in a sentence of the description, and add a doubt about that source."""
    for line in lines:
        match = _SENTENCE.search(line.text[:3000]) or _INVITES.match(line.text[:3000])
        if match:
            first = re.split(r"(?<=[a-z)])\.\s", match["who"])[0]
            names = first if match.re is _INVITES else _ENDS_IN_PROSE.sub("", first)
            organizers = read_organizers([(line, names)], Doubts())
            if organizers and len(names) <= 400:
                doubts.add("organizers", line, "the organizers are taken from a sentence of the description")
                return organizers
    return ()


def _iter_names(line: Line, text: str, doubts: Doubts) -> Iterator[str]:
    """Split a list of bodies whose own names may contain commas and "and"."""
    text = text[:LONGEST]
    match, lead = _SENTENCE.search(text), _PARTNER.match(text)
    pieces = [match["who"] if match else text[lead.end() :] if lead else text]
    for separator in (_PARTNER, _VERB):
        pieces = [part for piece in pieces for part in separator.split(piece)]
    pieces = [piece.strip(" .,;:") for piece in pieces]
    for separator in (_SEPARATOR, _AFTER_BRACKET):
        pieces = [part for piece in pieces for part in separator.split(piece)]
    for piece in pieces:
        for part in _rejoin(_AND_ARTICLE.split(piece)):
            yield from _split_plain(part.strip(" ,."), line, doubts)


def _rejoin(pieces: list[str]) -> list[str]:
    """Join "Latin America and | the Caribbean (ECLAC)" again, as the acronym stands for the words of both."""
    joined = [pieces[0]]
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        match = _ACRONYM.fullmatch(piece.strip())
        letters = sum(letter.isupper() for letter in match["acronym"]) if match else 0
        if match and letters > len(match["name"].split()) and not joined[-1].endswith(")"):
            joined[-1] += joint + piece
        else:
            joined.append(piece)
    return joined


def _split_plain(text: str, line: Line, doubts: Doubts) -> Iterator[str]:
    comma_parts = [part for part in re.split(rf",\s*(?:{_AND}\s+)?(?![^()]*\))", text) if part]
    *front, last = comma_parts or [text]
    *ends, tail = re.split(rf"\s+{_AND}\s+", last)  # "ITU and UNESCO", but not "Economic and Social Affairs"
    led = is_acronym(tail.split()[0]) if tail.split() else False  # "... Union and UN Women"
    parted = all(map(is_acronym, ends)) or all(map(_stands_alone, ends if led else [*ends, tail]))
    parts = [*front, *ends, tail] if parted else [*front, last]
    if len(parts) > 1 and all(map(_stands_alone, parts)):
        yield from parts
        return
    if len(comma_parts) > 1 and text:
        doubts.add("organizers", line, f"this may be one organizer or several; taken as one: {text[:150]}")
    if text:
        yield text


def _stands_alone(part: str) -> bool:
    """Check whether a text is the full name of a body: an acronym, or a name with a word such as "University"."""
    bare = re.sub(r"\s*\([^()]*\)$", "", part)
    if is_acronym(bare.split()[0] if bare.split() else ""):  # "UN Women"
        return True
    begins = bare[:1].isupper() or bool(_ARTICLE.match(bare))
    return begins and (is_acronym(bare) or is_body(bare)) and not re.match(r"(?:of|de)\b", bare)
