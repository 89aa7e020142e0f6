"""Words that say in a title how an event stands: "[Cancelled] How waves travel"."""

from typing import cast

from ..events import Status
from .columns import find_value

_OPENING = ("[", "(", "【", "*")
_MARKS = "[]()【】{}:：*!,.-–— "
_MOST_WORDS = 3  # "fällt aus"


def find_status_word(title: str) -> str | None:
    """Find a word at the beginning or the end of a title that may say how its event stands."""
    words = title.split()
    ends = (word.strip(_MARKS) for word in (*words[:1], *words[-1:]))
    return next((word for word in ends if word and _status_of(word)), None)


def cut_status(title: str) -> tuple[Status | None, str]:
    """Split "CANCELLED: How waves travel" or "How waves travel (postponed)" into status and title.

    "Moved: migration in Europe" is a title.
    """
    words = title.replace("：", "： ").replace("】", "】 ").split()
    for count in range(1, min(_MOST_WORDS, len(words) - 1) + 1):
        for said, rest, beside in ((words[:count], words[count:], 0), (words[-count:], words[:-count], -1)):
            text = " ".join(said)
            bare = text.strip(_MARKS)
            status = _status_of(bare)
            is_marked = bare != text or not rest[beside].strip(_MARKS)
            is_certain = text.startswith(_OPENING) or bare.isupper() or status in ("cancelled", "postponed")
            if status and is_certain and (is_marked or bare.isupper()):
                return status, " ".join(rest).strip(" :：–—-!*")
    return None, title


def _status_of(words: str) -> Status | None:
    status = find_value("status", words)
    return cast(Status, status) if status not in (None, "scheduled") else None
