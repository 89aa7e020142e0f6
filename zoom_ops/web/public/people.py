"""The performers of an event in groups, with the languages of interpretation."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from ...events import Event, Performer
from ..i18n.language import Language


@dataclass(frozen=True, kw_only=True)
class Group:
    """The performers of one kind, under their heading."""

    heading: str
    people: tuple[Performer, ...]


def group_performers(people: Iterable[Performer], language: Language) -> tuple[Group, ...]:
    """Group the performers by kind, each group in the order of the announcement."""
    members: dict[str, list[Performer]] = defaultdict(list)
    for person in people:
        members[person.kind].append(person)
    headings = {  # in the order of the page
        "moderator": language.say_many("Moderator", "Moderators", len(members["moderator"])),
        "chair": language.say_many("Chair", "Chairs", len(members["chair"])),
        "opening": language.say("Opening remarks"),
        "speaker": language.say_many("Speaker", "Speakers", len(members["speaker"])),
        "closing": language.say("Closing remarks"),
        "interpreter": language.say("Interpretation"),
    }
    return tuple(
        Group(heading=heading, people=tuple(members[kind])) for kind, heading in headings.items() if members[kind]
    )


def list_interpretation(event: Event, language: Language) -> tuple[str, ...]:
    """List the languages that interpreters' roles name in English or in the event's language, each once."""
    roles = [person.role or "" for person in event.performers if person.kind == "interpreter"]
    if not roles:  # most events: no names of languages need be loaded
        return ()
    names = {**_languages_by_name(event.language.partition("-")[0].lower()), **_languages_by_name("en")}
    codes = [names[word] for word in re.findall(r"\w+", " ".join(roles).casefold()) if word in names]
    return tuple(str(language.locale.languages[code]) for code in dict.fromkeys(codes))


@lru_cache(maxsize=32)
def _languages_by_name(written_in: str) -> Mapping[str, str]:
    """Map the names of the languages with two-letter codes, as one language writes them, to their codes."""
    try:
        locale = Locale.parse(written_in)
    except (UnknownLocaleError, ValueError):
        return {}
    return {str(name).casefold(): code for code, name in locale.languages.items() if len(code) == 2}
