"""Lines that change an event: they call it off, put it off, or correct its date or time."""

from collections.abc import Iterator

from .dates import find_dates, weekday_spans
from .status import find_status_word, status_said
from .times import find_times
from .words import fold, phrase_list, word_list, words_of

_MOST_LINES, _MOST_CHARACTERS = 1_500, 4_000
_PHRASES, _STEMS = word_list("change_phrases"), word_list("change_words")
_CHINESE, _CHINESE_STEMS = ([each for each in words if each[0] > "\u3000"] for words in (_PHRASES, _STEMS))
_LABELS = [each for each in _PHRASES if each[-1] == ":"]
_PARTED = [(verb, end) for verb, mark, end in (each.partition(" … ") for each in _PHRASES) if mark]
_SPOKEN = [f" {each}" for each in _PHRASES if each[0] < "\u3000" and each[-1] != ":" and "…" not in each]
_BEGINNINGS = phrase_list("begin_words")
_OTHERS, _DEADLINES = frozenset(word_list("not_changes")), word_list("other_dates")


def change_said(text: str) -> str:
    """Find the words by which a line changes an event: "cancel", "new date", or "moved" beside a date or a time."""
    word = status_said(text)[1]
    return word or next(filter(None, map(_said, _sentences(text[:_MOST_CHARACTERS]))), "")


def tells_start(text: str) -> bool:
    """Check whether a line says when something begins."""
    spoken = f" {' '.join(words_of(text))}"
    return any(phrase in spoken for phrase in _BEGINNINGS)


def title_says(title: str) -> str:
    """Find a word in a title that may say that its event is changed: at an end of it, or anywhere with a date."""
    return find_status_word(title) or (change_said(title) if find_dates(title, yearless=True) else "")


def doubt_of_title(word: str) -> str:
    """Return the doubt about a title in which a word may say the status."""
    return f"the title says {word!r}, which may be the status and no part of it"


def unsure_of(status: str | None) -> tuple[str, ...]:
    """List what the status may be where a line says something else, the one that the event has first."""
    return tuple(dict.fromkeys((status or "scheduled", "scheduled", "postponed", "cancelled")))


def changes_in(text: str, status: str | None) -> Iterator[str]:
    """List the doubts about the lines of a text that change an event, but for those that say its status."""
    for line in text.splitlines()[:_MOST_LINES]:
        if (word := change_said(line)) and status_said(line)[0] != (status or "scheduled"):
            yield doubt_of_change(word)


def doubt_of_change(word: str) -> str:
    """Return the doubt about the start and the status where a line says a word such as "moved"."""
    return f"this line says {word!r}: is the event held, and are its date and time the new ones?"


def _said(sentence: str) -> str:
    folded, words = fold(sentence), words_of(sentence)
    phrase = _phrase(folded, words)
    if phrase and _OTHERS.isdisjoint(words):
        return phrase
    found = next((word for word in words if word.startswith(_STEMS) and word != "notre"), "")
    found = found or next((stem for stem in _CHINESE_STEMS if stem in folded), "")
    return found if found and _is_timed(sentence, words) else ""


def _phrase(folded: str, words: list[str]) -> str:
    """Find a phrase: "correction:" in front, Chinese anywhere, "fällt … aus" in two parts, others as words."""
    spoken = f" {' '.join(words)}"
    found = next((each for each in _SPOKEN if each in spoken), "")
    found = found or next((each for each in _CHINESE if each in folded), "")
    found = found or next((each for each in _LABELS if folded.startswith(each)), "")
    return found.strip() or next((f"{verb} … {end}" for verb, end in _PARTED if verb in words and end in words), "")


def _is_timed(sentence: str, words: list[str]) -> bool:
    """Check whether a sentence has a date or a time that is neither of a deadline nor of an agenda."""
    if any(word.startswith(_DEADLINES) for word in words):
        return False
    has_digit = any(map(str.isdigit, sentence))
    dated = (has_digit and find_dates(sentence, yearless=True)) or weekday_spans(sentence)
    return bool(dated) or any(span.begin for span in find_times(sentence))


def _sentences(text: str) -> Iterator[str]:
    """Part a text behind full stops, but not behind "12." and "p.m."."""
    sentence: list[str] = []
    for word in text.split():
        sentence.append(word)
        if word[-1] in "!?;。！？" or (word[-1] == "." and word[-2:-1].isalpha() and "." not in word[:-1]):
            yield " ".join(sentence)
            sentence = []
    yield " ".join(sentence)
