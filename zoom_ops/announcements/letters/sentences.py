"""The sentences of a letter: which ask an operator for an event, which say a wish, which are only polite."""

import re
from typing import Literal

from ...phrases.labels import read_label
from ...phrases.names import is_honorific
from ...phrases.recording import cut_other_denials, may_refuse_recording
from ...phrases.words import fold, pattern_of, whole_words, word_beginnings

Said = Literal["request", "wish", "courtesy", ""]
_END = re.compile(r"(?<=[.!?…])[\"”»)]?\s+(?=[A-ZÀ-ÞА-Я¿¡\"“«(\d])")
_SHORT = frozenset(
    ("a.m.", "p.m.", "no.", "e.g.", "i.e.", "approx.", "vs.", "st.", "u.n.", "u.s.", "m.", "jr.", "inc.", "ltd.")
)
_LEAD = r"(?:[\w'.-]{1,20}[,!:]?\s+){0,3}?"  # "So we would like", "Hi, please"
_INTRO = r"[¿¡\s]*(?:[^,.?!:]{0,100},\s+)?"  # "As discussed, we need", "In our series, we would like"
_ASK = re.compile(rf"{_INTRO}{_LEAD}(?:{pattern_of('asks')})(?!\w)")
_MAKE = word_beginnings("makes")
_THING = word_beginnings("things")
_NEED = re.compile(rf"(?<!\w)(?:{pattern_of('needs')})(?!\w)(?=.{{0,60}}?(?:{pattern_of('things')}))")
_LINKS = re.compile(r"\b(?:send|share|provide|have)\s[^.?!]{0,40}\blinks?\b")  # "send me the panelist links"
_TO_READERS = re.compile(rf"{_INTRO}(?:{pattern_of('to_readers')})(?!\w)")
_COURTESY = re.compile(rf"[¿¡\s]*{_LEAD}(?:{pattern_of('courtesies')})(?!\w)")
_MUST = re.compile(
    rf"(?:(?:the|this|la|le|el|une?|simultaneous|[a-z]+ish|french|arabic|russian|chinese)\s+)?(?:{pattern_of('things')}|{pattern_of('needed')})\w*"
    rf"(?:\s+(?:in|into|from|to|with)\s[^.,]{{1,60}}?)?\s+(?:{pattern_of('musts')})(?!\w)"
)
_MOST_WORDS_OF_A_WISH = 6
_LONGEST_SHORT = 6  # characters of an honorific with a full stop
_BELONGS_TO_OPERATORS = re.compile(rf"(?:{pattern_of('labels')})(?:\s*\([^)]*\))?\s*[:：]")
TOPICS = {
    name: word_beginnings(name) for name in ("recording", "registration", "audience", "languages", "participants")
}
_OWN = whole_words("own")
_FOR_ALL = whole_words("for_all")
_SOME_ONLY = word_beginnings("some_only")
_NOT = whole_words("nots")
_AGREED = re.compile(rf"{_INTRO}{_LEAD}(?:{pattern_of('agreements')})(?!\w)")
_NEEDLESS = whole_words("needless")


def is_to_readers(sentence: str) -> bool:
    """Check whether a sentence speaks to the readers of the event's page: "Please register"."""
    return bool(_TO_READERS.match(fold(sentence)[:600]))


def split_sentences(text: str) -> list[str]:
    """Split a paragraph into its sentences; "Dr. Ada" and "9 a.m. Geneva time" stay in one piece."""
    sentences: list[str] = []
    begin = 0
    for match in _END.finditer(text):
        last = text[begin : match.start()].rpartition(" ")[2]
        if (
            (len(last) <= _LONGEST_SHORT and is_honorific(last))
            or last.lower() in _SHORT
            or (len(last) == 2 and last[0].isupper())
        ):
            continue
        sentences.append(text[begin : match.end()].strip())
        begin = match.end()
    return [*sentences, text[begin:].strip()] if text[begin:].strip() else sentences


def asks_for_event(sentence: str) -> bool:
    """Check whether a sentence asks an operator for an event: "Could you please set up a webinar?"."""
    bare = fold(sentence)[:600]
    asks = None if _TO_READERS.match(bare) else _ASK.match(bare)
    makes = asks and _MAKE.search(bare, asks.end()) and _THING.search(bare, asks.start())
    return bool(makes or (asks and wants_links(sentence))) or bool(_NEED.search(bare) and not _TO_READERS.match(bare))


def refers_back(sentence: str) -> bool:
    """Check whether a sentence goes back to a talk with an operator: "As discussed on the phone, …"."""
    return bool(_AGREED.match(fold(sentence)[:600]))


def said_in(sentence: str) -> Said:
    """Tell what a sentence of a letter is; "": it is for everybody."""
    bare = fold(sentence)[:600]
    if _TO_READERS.match(bare):
        return ""
    topic, few = topic_of(sentence), len(bare.split()) <= _MOST_WORDS_OF_A_WISH
    if asks_for_event(sentence):
        return "wish" if topic in ("recording", "languages") or wants_links(sentence) else "request"
    polite = _COURTESY.match(bare) or (few and bare[-1] == "?" and _COURTESY.search(bare))
    if polite and not topic:
        return "courtesy"
    counted = topic != "participants" or any(map(str.isdigit, bare))  # "about 80 participants"
    fragment = topic and counted and few and "://" not in bare and bare[-1] != "?"
    if _ASK.match(bare) or _MUST.match(bare) or fragment or _BELONGS_TO_OPERATORS.match(bare):
        return "wish"
    return "courtesy" if polite else ""


def topic_of(sentence: str) -> str:
    """Return what a wish is about: recording, registration, audience, languages, participants; or nothing."""
    bare = fold(sentence)[:600]
    return next((name for name, words in TOPICS.items() if words.search(bare)), "")


def consent_in(sentence: str) -> str:
    """Return "do_not_record", "record" or "unsure" for a wish about the recording."""
    bare = fold(sentence)
    if _NEEDLESS.search(bare):
        return "unsure"
    refuses = may_refuse_recording(sentence) or _NOT.search(cut_other_denials(bare))
    return "do_not_record" if refuses else "record"


def is_plain(sentence: str) -> bool:
    """Check whether a wish about the recording has a plain no: "please do not record", "recording: no"."""
    return bool(_NOT.search(cut_other_denials(fold(sentence))))


def is_for_some(sentence: str) -> bool:
    """Check whether a wish about the recording leaves somebody out: "shared only with Member States"."""
    bare = fold(sentence)
    return bool(_SOME_ONLY.search(bare)) or "only" in bare.split()


def speaks_of_writer(sentence: str) -> bool:
    """Check whether a sentence speaks of those who write: "and we planned 12 May, 14:00"."""
    return bool(_OWN.search(fold(sentence)))


def wants_links(sentence: str) -> bool:
    """Check whether a sentence asks for links: "Please send me the panelist links by 10 June"."""
    return bool(_LINKS.search(fold(sentence)[:600]))


def is_for_all(sentence: str) -> bool:
    """Check whether a wish about the audience leaves nobody out."""
    bare = fold(sentence)
    return bool(_FOR_ALL.search(bare)) and not _SOME_ONLY.search(bare)


def asks_one(sentence: str) -> bool:
    """Check whether a sentence asks or wishes something of whoever reads the letter."""
    bare = fold(sentence)[:600]
    return not _TO_READERS.match(bare) and bool(_ASK.match(bare))


def is_labelled_wish(text: str) -> bool:
    """Check whether a line is one such as "Recording: yes", for an operator and not for readers."""
    return bool(_BELONGS_TO_OPERATORS.match(fold(text)[:80])) and not (
        (label := read_label(text)) and label.field in ("title", "people", "date", "time")
    )
