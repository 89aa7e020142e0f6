"""The organizers, named in sentences such as "A side event organized by the ... (UNGIS) and the ... (WSIS)"."""

import re
from collections.abc import Iterator, Sequence

from ...events import Organizer
from ...phrases.roles import is_acronym, is_body
from ...phrases.words import fold, word_list
from ..doubts import Doubts
from ..lines import Line

LONGEST = 4_000  # the parser reads so many characters of one line
_LEAD = re.compile(  # "organized by", "in partnership with"
    r"(?i)[,;]?\s*\b(?:(?:and|et|y)\s+)?(?:(?:(?:co|jointly)[\s-]?)?(?:organi[sz]ed|hosted|convened|presented|sponsored"
    r"|brought to you)(?:\s+(?:jointly|together))?\s+by|(?:co[\s-]?)?organis[ée]e?s?\s+(?:conjointement\s+)?par"
    r"|(?:présent|propos)ée?\s+par|(?:co[\s-]?)?organizad[oa]s?\s+(?:conjuntamente\s+)?por|convocad[oa]\s+por"
    r"|organisiert\s+von|eine\s+veranstaltung\s+(?:von|des|der)|organizzat[oa]\s+da|(?:in|with|en|con)\s+(?:(?:the|close|le|el)"
    r"\s+)?(?:partnership|collaboration|cooperation|co-operation|association|support|partenariat|coopération|colaboración"
    r"|cooperación|asociación|soutien|apoyo)\s+(?:with|of|avec|con|de|du)|together\s+with|in\s+zusammenarbeit\s+mit"
    r"|avec\s+le\s+soutien\s+(?:de|du|des)|con\s+el\s+apoyo\s+de(?:l)?)(?:\s*:)?(?:\s+|$)"
)
_ARTICLES = ("the", "les", "le", "la", "los", "las", "el", "il", "der", "die", "das", "des", "du", "del")
_AND = r"(?:and|&|et|y|e|und|as well as|along with|together with|ainsi que|así como)"
_NEXT = r"(?:the\s|l['’]|les?\s|la\s|los\s|las\s|el\s|du\s|des\s|del\s|de\s+l)"  # an article
_BETWEEN = re.compile(rf"\s*[;|•]\s*|\s+/\s+|(?<=\))\s*,?\s*{_AND}\s+|(?<=\)),\s*(?:{_AND}\s+)?")
_AND_ARTICLE = re.compile(rf"(,?\s+{_AND}\s+)(?={_NEXT})")
_COMMA = re.compile(rf",\s*(?:{_AND}\s+)?(?![^()]*\))")
_JOINT = re.compile(rf"\s+{_AND}\s+")
_ACRONYM = re.compile(r"(?P<name>.+?)\s*\((?P<acronym>[A-Z][\w&/.-]*(?:[ -][A-Z][\w&/.-]*){0,2})\)\.?")
_INVITES = word_list("invites")


def is_organizer_sentence(text: str) -> bool:
    """Check whether a line begins with words such as "Organized by" and is not a paragraph."""
    lead = _LEAD.search(text[:200])
    before = text[: lead.start()].strip("( ") if lead else text
    plain = len(text) <= 700 and {"will", "aims", "seeks", "vise", "busca"}.isdisjoint(text[:300].split())
    return plain and lead is not None and len(before.split()) <= 7 and not {",", ".", ":"} & set(before)


def is_named_body(text: str) -> bool:
    """Check whether a line is only the full name of a body with its acronym."""
    match = _ACRONYM.fullmatch(text)
    return match is not None and "," not in text and is_body(match["name"]) and len(match["acronym"]) <= 12


def read_organizers(lines: Sequence[tuple[Line, str]], doubts: Doubts) -> tuple[Organizer, ...]:
    """Read the organizers from the lines that name them. Commas that leave their number open cause a doubt."""
    organizers: dict[str, Organizer] = {}
    for line, text in lines:
        for written in _iter_names(line, text[:LONGEST], doubts):
            bare = _without_article(written.strip(" .,;:"))
            match = _ACRONYM.fullmatch(bare)
            name, acronym = (match["name"].strip(" ,"), match["acronym"]) if match else (bare, None)
            if name:
                organizers.setdefault((acronym or name).casefold(), Organizer(name=name, acronym=acronym))
    return tuple(organizers.values())


def invites(text: str) -> str:
    """Return who invites in a line such as "The Focus Group on AI invites you to", so that the title follows."""
    folded = fold(f"{text[:250]} ")
    places = [place for words in _INVITES if (place := folded.find(f" {words} ")) > 3]
    who = text[: min(places)] if places else ""
    return who if who[:1].isupper() and len(who) <= 200 and not {".", ":"} & set(who) else ""


def _iter_names(line: Line, text: str, doubts: Doubts) -> Iterator[str]:
    """Split a list of bodies whose own names may contain commas and "and"."""
    lead = _LEAD.search(text)
    if lead and (is_organizer_sentence(text) or lead.start() == 0):
        text = text[lead.end() :]
    for piece in (part for led in _LEAD.split(text) for part in _BETWEEN.split(led.strip(" .,;:"))):
        first, *others = _AND_ARTICLE.split(piece)
        joined = [first]
        for joint, part in zip(others[::2], others[1::2], strict=True):
            # "Latin America and | the Caribbean (ECLAC)": the acronym stands for the words of both
            match = _ACRONYM.fullmatch(part.strip())
            letters = sum(letter.isupper() for letter in match["acronym"]) if match else 0
            if match and letters > len(match["name"].split()) and not joined[-1].endswith(")"):
                joined[-1] += joint + part
            else:
                joined.append(part)
        for part in joined:
            yield from _split_plain(part.strip(" ,."), line, doubts)


def _without_article(text: str) -> str:
    article, _, rest = text.partition(" ")
    elided = text[:2].lower() in ("l'", "l’")
    return text[2:].strip() if elided else rest.strip() if article.lower() in _ARTICLES else text.removeprefix("de la ")


def _split_plain(text: str, line: Line, doubts: Doubts) -> Iterator[str]:
    comma_parts = [part for part in _COMMA.split(text) if part]
    *front, last = comma_parts or [text]
    *ends, tail = _JOINT.split(last)  # "ITU and UNESCO", but not "Economic and Social Affairs"
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
    bare = part.partition("(")[0].strip() if part.endswith(")") else part
    first = next(iter(bare.split()), "")
    begins = bare[:1].isupper() or first.lower() in _ARTICLES
    return is_acronym(first) or (begins and (is_acronym(bare) or is_body(bare)) and first not in ("of", "de"))
