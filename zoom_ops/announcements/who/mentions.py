"""The names of people in a text that is no list: in prose, in a title, before a comma."""

from collections.abc import Iterator
from itertools import dropwhile, takewhile

from ...phrases.kinds import LONGEST
from ...phrases.labels import PEOPLE_WORDS
from ...phrases.names import is_honorific, names_a_body, split_honorific
from ...phrases.people import cut_name, in_name, is_capital, may_be, take_name
from ...phrases.roles import is_body
from ...phrases.words import word_list, words_of

_BEFORE_NAMES = frozenset(word_list("before_names"))
_TELLS = frozenset(word_list("tells"))


def names_in_prose(text: str) -> Iterator[str]:
    """Find names of people in a paragraph: after an honorific, or a word such as "speaker", or before "is"."""
    words = text[:LONGEST].split()
    for place, word in enumerate(words):
        lead, ahead = " ".join(words_of(word)), words[place + 1 : place + 6]
        pair = " ".join(words_of(" ".join(words[max(place - 1, 0) : place + 1])))
        label = not PEOPLE_WORDS.isdisjoint((lead, pair))
        titled = is_honorific(word) and word[:1].isupper()
        if (place == 0 or words[place - 1][-1] in ".!?:") and not titled and not label:
            name = take_name(takewhile(is_capital, words[place : place + 4]))
            behind = words_of(" ".join(words[place + len(name) : place + len(name) + 1]))
            name = name if behind and behind[0] in _TELLS else []
        elif titled or label:
            named = dropwhile(lambda each: not is_capital(each), ahead) if label else iter(ahead)
            name = take_name(takewhile(is_capital, dropwhile(is_honorific, named)))
        else:
            continue
        spoken = " ".join(name)
        if len(name) + titled >= 2 and not names_a_body(spoken) and not is_body(spoken):
            yield spoken


def names_anyone(text: str, *, anywhere: bool) -> str:
    """Find a name after a word such as "by" or an unknown label, or anywhere in a text; return it, or nothing."""
    label, colon, rest = text[:LONGEST].partition(": ")
    named = cut_name(split_honorific(rest)[1])[0] if colon and len(label.split()) <= 5 else ""
    if may_be(named.partition(" and ")[0]):
        return named
    words = text[:LONGEST].split()
    for place, word in enumerate(words):
        if is_capital(word) and (anywhere or (place and not _BEFORE_NAMES.isdisjoint(words_of(words[place - 1])))):
            name = " ".join(take_name(takewhile(in_name, words[place : place + 4])))
            if len(name) > 5 and sum(map(is_capital, name.split())) > 1 and may_be(name):
                return name
    return ""


def told_of(name: str) -> str:
    """Return the doubt about a person who is named, and listed nowhere."""
    return f"{name[:100]!r} is named here, and is not among the speakers; write each on a line under Speakers"
