"""What people write around a title: an invitation, a tag in brackets, quotation marks, the prefix of a mail."""

import re
from collections.abc import Iterator

from .subjects import strip_replies
from .words import fold, phrase_list, word_list, words_of

QUOTED = re.compile(r"[“\"«„](?P<title>[^“”\"«»„]{4,300})[”\"»“]")
_LEADS, _INVITING = word_list("before_titles"), word_list("inviting")
_SERIES = phrase_list("series")
_OCCASIONS, _NUMBERED = frozenset(word_list("occasions")), frozenset(word_list("numbered"))
_KIND_BEFORE = ("side event", "evento paralelo", "evenement parallele")  # "Side event: Water for Peace"
_BRACKETS = {"[": "]", "【": "】"}


def bare_title(text: str) -> str:
    """Remove words such as "Save the date:" and the quotation marks around the title."""
    bare = text.strip().strip(" ,;|–—-")
    lead = next((each for each in _LEADS if fold(bare).startswith(each)), "")
    rest = bare[len(lead) :].strip(" :!–—-")  # of "Invitation: a history of manners" it is no title
    if lead and not rest[:1].islower() and bare[len(lead) :].lstrip()[:1] in (":", "!", "–", "—", "-"):
        bare = rest
    quoted = QUOTED.fullmatch(bare)
    return quoted["title"].strip() if quoted else bare


def inner_titles(title: str) -> tuple[str, ...]:
    """List the shorter titles that one may hold: in 'We invite you to the webinar "Rivers"', "[Webinar] Rivers"."""
    found = (bare_title(each) for each in _inner(title))
    return tuple(dict.fromkeys(each for each in found if each != title and any(map(str.isalnum, each))))


def is_junk(text: str) -> bool:
    """Check whether a line names no series: a link, a number to dial, a line that leads to the next one."""
    number = "".join(text.rpartition(":")[2].split())  # "Passcode: 1234"
    dialled = number.isdigit() or sum(map(str.isdigit, text)) > sum(map(str.isalpha, text))
    return text[-1:] in ":：" or "://" in text or dialled or (text[-1] == "." and len(text.split()) > 6)


def is_serial(text: str) -> bool:
    """Check whether a line names a series or an occasion: "Webinar Series", "Standards Week 2025", "68th session"."""
    if ": " in text and fold(text.partition(":")[0]).replace("-", " ").strip() in _KIND_BEFORE:
        return False  # a title follows it
    words = [part for word in words_of(text) for part in word.split("-")]
    spoken = f" {' '.join(words)} "
    numbered = any(word.lstrip("#").isdigit() for word in words)
    ordinal = any(word.endswith(("th", "st", "nd", "rd")) for word in words) and "session" in words
    occasion = numbered and not _OCCASIONS.isdisjoint({*words, *(word.rstrip("s") for word in words)})
    return ordinal or occasion or any(phrase in spoken for phrase in _SERIES)


def is_numbered(text: str) -> bool:
    """Check whether a line is only a number: "Session 342"."""
    words = words_of(text)
    return 2 <= len(words) <= 3 and words[0] in _NUMBERED and words[-1].strip("#n°").isdigit()


def _inner(title: str) -> Iterator[str]:
    quoted = QUOTED.findall(title)
    before = words_of(title.partition(quoted[0])[0]) if len(quoted) == 1 else []
    if any(word.startswith(_INVITING) for word in before):
        yield quoted[0]
    bare = strip_replies(title)
    if bare[:1] in _BRACKETS:
        bare = bare.partition(_BRACKETS[bare[0]])[2] or bare
    if bare[-1:] in _BRACKETS.values():
        bare = bare.rpartition(dict(zip(_BRACKETS.values(), _BRACKETS, strict=True))[bare[-1]])[0] or bare
    head, _, call = bare.rpartition(" - ")
    yield head if call.isupper() and call[-1] == "!" and len(words_of(call)) > 1 else bare
