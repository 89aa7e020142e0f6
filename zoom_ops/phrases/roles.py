"""The split of a speaker's line into role and organisation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .words import CITY_ZONES, fold, word_list, words_of

_ROLES, _ROLE_ENDINGS, _BODIES = (
    frozenset(word_list("roles")),
    word_list("role_endings"),
    frozenset(word_list("bodies")),
)
_ACRONYM = re.compile(r"(?:the )?[A-Z][A-Za-z]{0,6}[A-Z]{1,8}s?(?:[-/ &][A-Z][A-Za-z]*[A-Z]+)*")
_AT = (" at ", " @ ", " with ", " chez ", " bei ", " an der ", " à l'", " à l’", " auprès de l'", " auprès de l’")
_OF = frozenset(["of", "for", "on", "de", "des", "du", "para"])
_AND = frozenset(["and", "&", "et", "y", "und"])


@dataclass(frozen=True, kw_only=True)
class Position:
    """The role and organisation of a person; `doubt` is the reason why the split is uncertain."""

    role: str | None = None
    organization: str | None = None
    doubt: str = ""


def is_role(text: str) -> bool:
    """Check whether a text is a role: a role word comes before any body word, or ends it ("Programme Officer")."""
    words = _parts(text)
    roles = [place for place, word in enumerate(words) if word in _ROLES or word.endswith(_ROLE_ENDINGS)]
    bodies = [place for place, word in enumerate(words) if _names_body(words, place)]
    if roles and roles[0] not in bodies and (not bodies or roles[0] < bodies[0]):
        return True
    return bool(roles) and roles[-1] == len(words) - 1 and not _OF & set(words)


def is_body(text: str) -> bool:
    """Check whether a text names a body: an acronym, or a word such as "University"."""
    bare, words = text.strip(), _parts(text)
    if _ACRONYM.fullmatch(bare) or any(_names_body(words, place) for place in range(len(words))):
        return True
    inside = bare.removesuffix(")").rpartition("(")[2] if bare.endswith(")") and "(" in bare else ""
    return 2 <= len(inside) <= 13 and inside[0].isupper() and inside.replace(" ", "").replace("-", "").isalpha()


def is_acronym(text: str) -> bool:
    """Check whether a text is only an acronym: "ITU", "the CoNGO"."""
    return bool(_ACRONYM.fullmatch(text.strip()))


def read_position(parts: Sequence[str]) -> Position:
    """Read the parts after a name, split at its commas, as role and organisation."""
    if len(parts) <= 1:
        return _single(parts[0]) if parts else Position()
    first, *rest = parts
    lists = (n for n, part in enumerate(rest[:4], 1) if _AND & set(part.casefold().split()) and len(part.split()) <= 6)
    size = next(lists, 0)
    joins = 0 < size < len(rest) and is_role(first) and not _OF.isdisjoint(_parts(first)[:-1])
    if joins and not any(is_body(part) or is_role(part) for part in rest[:size]):
        # "Minister of Health, Labour and Welfare", as an organisation follows
        first, rest = ", ".join([first, *rest[:size]]), rest[size:]
    if is_body(first) and not is_role(first):
        if is_role(rest[-1]):
            return Position(role=rest[-1], organization=", ".join([first, *rest[:-1]]))
        if not any(is_role(part) for part in rest):
            return Position(organization=", ".join([first, *rest]))
    several = len(rest) > 1 and any(is_role(part) for part in rest[1:])
    doubt = f"several roles may be written here; {first!r} is taken as the role" if several else ""
    return Position(role=first, organization=", ".join(rest), doubt=doubt)


def _single(part: str) -> Position:
    for sign in _AT:  # "Professor at the University of X"
        role, _, body = part.partition(sign)
        body = body.strip().removeprefix("the ").strip()
        if role.strip() and body[:1].isupper() and fold(body) not in CITY_ZONES and not is_acronym(part):
            return Position(role=role.strip(), organization=body)
    if is_role(part) or part[0].islower():
        before, bracket, inside = part.removesuffix(")").partition("(")
        if bracket and part.endswith(")") and "(" not in inside and not is_body(before):
            return Position(role=before.strip(), organization=inside.strip())
        return Position(role=part)
    doubt = "" if is_body(part) else f"{part!r} may be a role or an organisation; taken as the organisation"
    return Position(organization=part, doubt=doubt)


def _parts(text: str) -> list[str]:
    return words_of(text.replace("-", " ").replace("'", " ").replace("’", " "))


def _names_body(words: list[str], place: int) -> bool:
    word, following = words[place], words[place + 1 : place + 2]
    return word in _BODIES or (word == "secretaria" and following in (["de"], ["general"]))
