"""Names of people by their shape: in what is left of a line, and apart from bodies and points of a programme."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from .labels import PEOPLE_WORDS
from .names import PARTICLES, cut_titles, looks_like_person
from .roles import is_acronym, is_body, is_role
from .words import CITY_ZONES, fold, word_list, words_of

_THINGS, _SUBJECTS, _BEFORE_BODIES = (frozenset(word_list(name)) for name in ("things", "subjects", "before_bodies"))
_ENDINGS = word_list("thing_endings")
DASH = re.compile(r"\s+[–—|-]\s+|\s*[;|]\s+|\s+[–—]|[–—]\s+")
# between a name and what follows; in "Ada Lovelace. Respondent: Bob Ray" the full stop
_CUT = re.compile(rf",\s*|\s*\(|(?<=\w\w\w)\.\s+(?=\S+:)|:\s+|\s*/\s+|{DASH.pattern}")
_BY = frozenset(["by", "par", "por", "von", "di", "door"])


def may_be(name: str) -> bool:
    """Check whether a text may be the name of a person: no role, body, place or point of a programme."""
    known = is_role(name) or is_body(name) or fold(name) in CITY_ZONES
    return looks_like_person(name) and not known and not is_thing(name)


def before_person(title: str) -> tuple[str, ...]:
    """Return what stands before a person with a position: "Écrire la guerre par Solène Kerbrat, professeure"."""
    words = title.split()
    for place, word in enumerate(words[2:], 2):
        person, details = cut_name(" ".join(words[place + 1 :]))
        if word in _BY and details and may_be(person):
            return (" ".join(words[:place]),)
    return ()


def is_thing(name: str) -> bool:
    """Check whether a name has a word of a body, a place or a point of a programme: "Open Mic", "Moonlight Hotel"."""
    words = words_of(name)
    composed = any(word.endswith(_ENDINGS) for word in words)
    return composed or not _THINGS.isdisjoint(words) or (is_body(name) and not is_acronym(name))


def is_subject(name: str) -> bool:
    """Check whether a text has a word of a field of work: "Strategic Planning"."""
    return not _SUBJECTS.isdisjoint(words_of(name))


def cut_name(text: str) -> tuple[str, str]:
    """Split the text of a person into the name and what follows it."""
    match = _CUT.search(text)
    name, rest = (text[: match.start()], text[match.end() :]) if match else (text, "")
    if match and "(" in match[0]:
        inside, _, behind = rest.partition(")")
        rest = ", ".join(part for part in (inside.strip(), behind.strip(" ,–—-:")) if part)
    name, title = cut_titles(name.strip(" .,;:"))
    return name, ", ".join(filter(None, (title, rest)))


def second_name(text: str) -> str:
    """Find a name behind a joint or another word that leads to no body: "chair and Ada Lovelace"; else nothing."""
    words = text.replace("(", " ").split()
    for place, word in enumerate(words[1:], 1):
        if is_capital(word) and _leads_to_name(words[place - 1], words[: place - 1]):
            name = " ".join(take_name(takewhile(in_name, words[place : place + 4])))
            if sum(map(is_capital, name.split())) > 1 and may_be(name) and not is_subject(name):
                return name
    return ""


def count_bracketed(text: str) -> int:
    """Count the groups such as "Ada Lovelace (London)", whose words before the bracket may be a name."""
    return sum(may_be(_name_before(part)) for part in text.split("(")[:-1])


def is_capital(word: str) -> bool:
    """Check whether a word begins with a capital letter, in quotation marks or without."""
    return word.strip("(“\"'")[:1].isupper()


def in_name(word: str) -> bool:
    """Check whether a word may stand in a name: a capital letter, or a particle such as "de"."""
    return is_capital(word) or fold(word) in PARTICLES


def take_name(words: Iterator[str]) -> list[str]:
    """Take the words of a name, up to the first that ends in punctuation."""
    name: list[str] = []
    for word in words:
        if name and word.startswith("("):
            break
        name.append(word.strip("(“\"'.,;:)”").removesuffix("’s").removesuffix("'s"))
        if (word[-1] in ",;:).”" and len(word) > 2) or word.endswith(("’s", "'s")):
            break
    return name


def _leads_to_name(word: str, before: Sequence[str]) -> bool:
    plain, elided = "".join(words_of(word)) or word, word.replace("’", "'").rpartition("'")[2]  # "l'Université"
    if word[-1] in ",;." or is_capital(elided) > is_capital(word):
        return False
    if plain == "en":  # Dutch for "and"; not in "Profesora en Derecho"
        return bool(before) and before[-1][:1].isupper() and not is_role(before[-1])
    return plain in PEOPLE_WORDS or (not is_capital(word) and plain not in _BEFORE_BODIES and not plain.isdigit())


def _name_before(text: str) -> str:
    words = text.split()[::-1]
    behind = takewhile(lambda word: in_name(word) and (word is words[0] or word[-1] not in ",;)"), words)
    return " ".join([*behind][::-1])
