"""The shape of a line without a label: noise around an announcement, a venue, the end of a letter."""

import re

from ...phrases.names import split_honorific
from ...phrases.roles import is_body
from ...phrases.words import fold, word_list, words_of

_NOISE = re.compile(  # a salutation, the note of a forwarded mail, the head of a pasted table, Zoom's invitation
    r"(?:dear|hi|hey|hello|chere?s?|estimad[oa]s?|bonjour|hola|hallo|ciao|cari|caro|buongiorno|liebe|sehr geehrte"
    r"|prezad[oa]s?|уважаемые|good (?:morning|afternoon|evening|day)|buen[oa]s (?:dias|tardes|noches)|bonsoir)\b.{0,80}"
    r"|.{2,80} is inviting you to a scheduled zoom .*"
    r"|(?:please )?(?:see|find) (?:below|attached).{0,80}|(?:names?|speaker), (?:role|title|position|function).{0,40}"
    r"|einladung zu[mr]? .{0,40}|-*\s*(?:begin forwarded|forwarded|original) message\s*-*"
    r"|view (?:this email )?in (?:your )?browser"
)
_NOISE_LINES, _CLOSINGS, _INSTRUCTIONS = frozenset(word_list("noise")), word_list("closings"), word_list("instructions")
_PLATFORMS, _WITH_PLATFORM = frozenset(word_list("platforms")), frozenset(word_list("with_platforms"))
_DESCRIPTIONS = frozenset(word_list("descriptions"))
_LEADING = frozenset(word_list("leading_in"))
_ROOMS, _GENERIC = frozenset(word_list("rooms")), frozenset(word_list("generic"))


def is_noise(text: str) -> bool:
    """Check whether a line says nothing of the event: a salutation, "Save the date"."""
    folded = fold(text).strip(" :!,.*")
    leads = text[:1].islower() and text[-1] == ":" and not _LEADING.isdisjoint(words_of(text))  # "our next lecture:"
    return leads or folded in _NOISE_LINES or _GENERIC.issuperset(words_of(text)) or bool(_NOISE.fullmatch(folded))


def is_closing(text: str) -> bool:
    """Check whether a line ends a letter, so that a signature follows."""
    return fold(text).strip(" ,.!") in _CLOSINGS or text == "--"


def is_description(text: str) -> bool:
    """Check whether a line begins with a label of the description itself: "Description: …", "Abstract"."""
    return fold(text[:40]).partition(":")[0].strip(" *.") in _DESCRIPTIONS


def is_instruction(text: str) -> bool:
    """Check whether a line says how to register, whom to write, what is interpreted."""
    return fold(text[:40]).startswith(_INSTRUCTIONS)


def is_phrase(text: str) -> bool:
    """Check whether a text reads like a title and not like names: "Two bodies, one rhythm"."""
    small = [word for word in text.split() if word[0].islower() and len(word) > 3]
    return len(small) >= 2 and not is_body(text) and not split_honorific(text)[0]


def is_platform(text: str) -> bool:
    """Check whether a line is only the name of a platform: "Online via Zoom"."""
    words = {part for word in words_of(text[:80]) for part in word.split("-")}
    return len(text) <= 80 and not words.isdisjoint(_PLATFORMS) and words <= _PLATFORMS | _WITH_PLATFORM


def is_place(text: str) -> bool:
    """Check whether a line is only the name of a room or platform, without a label: "Room S2, WTO, Geneva"."""
    words = words_of(text[:100])
    named = bool(words) and (words[0] in _ROOMS or ("," in text and not _ROOMS.isdisjoint(words)))
    return is_platform(text) or (named and len(text) <= 100 and not text.endswith((".", "?", "!", ":")))
