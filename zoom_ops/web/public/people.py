"""The performers of an event in groups, with the languages of interpretation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from ...events import Event, Performer
from ..i18n.language import Language

_GROUPS = ("moderator", "chair", "opening", "speaker", "closing", "interpreter")  # in the order of the page


@dataclass(frozen=True, kw_only=True)
class Group:
    """The performers of one kind, under their heading."""

    heading: str
    people: tuple[Performer, ...]


def group_performers(people: Iterable[Performer], language: Language) -> tuple[Group, ...]:
    """Group the performers by kind, each group in the order of the announcement."""
    performers = tuple(people)
    groups: list[Group] = []
    for kind in _GROUPS:
        members = tuple(person for person in performers if person.kind == kind)
        if members:
            groups.append(Group(heading=_name_group(kind, len(members), language), people=members))
    return tuple(groups)


def list_interpretation(event: Event, language: Language) -> tuple[str, ...]:
    """List the languages in the interpreters' roles, each once, with their names in `language`."""
    roles = [person.role or "" for person in event.performers if person.kind == "interpreter"]
    codes = [code for role in roles for code in find_languages(role, event.language)]
    return tuple(str(language.locale.languages[code]) for code in dict.fromkeys(codes))


def find_languages(text: str, written_in: str) -> list[str]:
    """Find the codes of the languages that a text names in English or in its own language, in their order."""
    names = {**_languages_by_name(written_in.partition("-")[0].lower()), **_languages_by_name("en")}
    words = re.findall(r"\w+", text.casefold())
    return [names[word] for word in words if word in names]


@lru_cache(maxsize=32)
def _languages_by_name(written_in: str) -> Mapping[str, str]:
    """Map the names of the languages with two-letter codes, as one language writes them, to their codes."""
    try:
        locale = Locale.parse(written_in)
    except (UnknownLocaleError, ValueError):
        return {}
    return {str(name).casefold(): code for code, name in locale.languages.items() if len(code) == 2}


def _name_group(kind: str, count: int, language: Language) -> str:
    headings = {
        "moderator": language.say_many("Moderator", "Moderators", count),
        "chair": language.say_many("Chair", "Chairs", count),
        "opening": language.say("Opening remarks"),
        "speaker": language.say_many("Speaker", "Speakers", count),
        "closing": language.say("Closing remarks"),
        "interpreter": language.say("Interpretation"),
    }
    return headings[kind]
