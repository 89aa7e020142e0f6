"""Words that say that an event is cancelled, postponed or moved."""

import re

from ..events import Status
from .words import fold, word_list, word_table, words_of

_STATUS_OF = word_table("status")
_WORDS = "|".join(sorted(map(re.escape, _STATUS_OF), key=len, reverse=True))
_STATUS = re.compile(rf"(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_])|取消|延期|推迟|改期|改至")
_FILLERS = frozenset(word_list("status_fillers"))
_NAMES: dict[str, Status] = {"cancelled": "cancelled", "postponed": "postponed", "rescheduled": "rescheduled"}


def status_said(text: str) -> tuple[Status, str]:
    """Find a word such as "postponed" in a line; return the status that it means, and the word."""
    match = _STATUS.search(fold(text[:1000]))
    word = match[0] if match else ""
    return _NAMES.get(_STATUS_OF.get(word, ""), "scheduled"), word


def cut_status(text: str) -> tuple[Status, str]:
    """Cut "CANCELLED:" before or "(postponed)" behind a title; return the status and the rest."""
    status, word = status_said(text)
    place = fold(text).find(word) if word else -1
    if place < 0:
        return "scheduled", text
    before, behind = text[:place], text[place + len(word) :]
    if (
        not before.strip(" ([*【")
        and (rest := behind.strip(" )]*!】"))
        and (before.strip() or not behind[:1].isspace())
    ):
        return status, rest.lstrip(" :–—-!")
    if not before.strip(" ([*") and behind.lstrip()[:1] in (":", "–", "—", "-", "!"):
        return status, behind.lstrip(" :–—-!")
    if not behind.strip(" )]*!】") and (bare := before.rstrip(" *([【:–—-")) != before.rstrip():
        return status, bare
    return "scheduled", text


def only_status(text: str) -> Status:
    """Return the status if a line says nothing else: "This event has been cancelled."."""
    status, word = status_said(text)
    others = words_of(fold(text).replace(word, " ")) if word else [""]
    return status if set(others) <= _FILLERS else "scheduled"
