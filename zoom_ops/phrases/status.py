"""Words that say how an event stands: cancelled, postponed, moved."""

import re
from typing import cast

from ..events import Status
from .words import fold, word_list, word_table, words_of

_ANYWHERE = cast("dict[str, Status]", word_table("status"))
STATUS_WORDS: dict[str, Status] = _ANYWHERE | cast("dict[str, Status]", word_table("status_beside"))
_WORDS = "|".join(sorted(map(re.escape, _ANYWHERE), key=len, reverse=True))
_STATUS = re.compile(rf"(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_])|取消|延期|推迟|改期|改至")
_FILLERS = frozenset(word_list("status_fillers"))
_OPENING = ("[", "(", "【", "*")
_MARKS = "[]()【】{}:：*!,.-–— "
_MOST_WORDS = max(len(word.split()) for word in STATUS_WORDS)


def status_said(text: str) -> tuple[Status | None, str]:
    """Find a word such as "postponed" in a line; return the status that it means, and the word."""
    match = _STATUS.search(fold(text[:1000]))
    return (_ANYWHERE[match[0]], match[0]) if match else (None, "")


def cut_status(title: str) -> tuple[Status | None, str]:
    """Split "CANCELLED: How waves travel" or "How waves travel (postponed)" into status and title.

    "Moved: migration in Europe" and "MOVED BY MUSIC" are titles.
    """
    stands_out = not title.isupper()
    words = title.replace("：", "： ").replace("】", "】 ").split()
    for count in range(1, min(_MOST_WORDS, len(words) - 1) + 1):
        for said, rest, beside in ((words[:count], words[count:], 0), (words[-count:], words[:-count], -1)):
            text = " ".join(said)
            bare = text.strip(_MARKS)
            status = STATUS_WORDS.get(fold(bare))
            edge = text.rstrip(_MARKS) if beside else text  # "will be postponed!" is no mark
            is_marked = bare != edge or not rest[beside].strip(_MARKS)
            is_loud = stands_out and bare.isupper()
            is_certain = text.startswith(_OPENING) or is_loud or status in ("cancelled", "postponed")
            name = " ".join(rest).strip(" :：–—-!*")
            if status and name and is_certain and is_marked:
                return status, name
    return None, title


def only_status(text: str) -> Status | None:
    """Return the status if a line says nothing else: "This event has been cancelled."."""
    status, word = status_said(text)
    return status if word and set(words_of(fold(text).replace(word, " "))) <= _FILLERS else None


def find_status_word(title: str) -> str | None:
    """Find a word at the beginning or the end of a title that may say how its event stands."""
    words = title.split()
    ends = (word.strip(_MARKS) for word in (*words[:1], *words[-1:]))
    return next((word for word in ends if fold(word) in STATUS_WORDS), None)
