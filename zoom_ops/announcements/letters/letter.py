"""A letter to an operator → the lines of its announcement, without what is for the operator alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ...phrases.dates import find_dates
from ...phrases.labels import read_label
from ...phrases.private import is_private
from ...phrases.recording import NOT_RECORDED, may_refuse_recording
from ...phrases.times import find_times
from ...phrases.words import fold, words_of
from ..doubts import Doubts
from ..lines import Line
from ..who.speakers import Entry
from .endings import cut_ending, is_fine_print
from .envelope import Envelope
from .people import people_in
from .sentences import (
    asks_for_event,
    asks_one,
    consent_in,
    is_for_all,
    is_for_some,
    is_labelled_wish,
    is_plain,
    refers_back,
    said_in,
    speaks_of_writer,
    split_sentences,
    topic_of,
    wants_links,
)
from .titles import introduces_title, series_in, states_title, title_in

_LONGEST = 4_000  # characters of one paragraph that are read
_KEPT_LABELS = (
    "title",
    "series",
    "date",
    "time",
    "end",
    "zone",
    "duration",
    "venue",
    "people",
    "organizers",
    "partners",
)
_FRAGMENT = 45  # letters beside date and time, of a sentence that is there to say when
_SUBJECT = ("subject", "objet", "asunto", "betreff", "oggetto", "assunto")
_NOT_TAKEN_OVER = "said in the e-mail, and not taken over"
LEFT_OUT = "said to you in the e-mail, and left out of the description"
_FOR_SOME = "the e-mail says whom the event is for; decide who may see its recording"
_HEAD = 12  # lines in which a subject may stand


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a text says, parted: `lines` for everybody, `timed` for the schedule, the rest for an operator.

    `asked`: the numbers of the lines whose date and time stand in a sentence to the operator. `title` and `series` are
    taken from such a sentence, or from the subject. Of an announcement that is no letter only `lines` and `timed` are
    said, and both are all of its lines.
    """

    lines: tuple[Line, ...]
    timed: tuple[Line, ...]
    asked: frozenset[int] = frozenset()
    is_letter: bool = False
    title: Line | None = None
    series: Line | None = None
    people: tuple[Entry, ...] = ()
    consent: str = ""


@dataclass
class _Parts:
    """What has been found so far."""

    kept: list[Line] = field(default_factory=list)
    timed: list[Line] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    people: list[Entry] = field(default_factory=list)
    requests: list[tuple[Line, str]] = field(default_factory=list)
    consents: set[str] = field(default_factory=set)


def read_letter(lines: Sequence[Line], envelope: Envelope, doubts: Doubts) -> Letter:
    """Part a letter to an operator. `lines` are joined where a mail program wrapped them. Wishes become doubts."""
    subject = next((line for line in lines[:_HEAD] if line.subject or _is_subject(line)), None)
    if subject and not envelope.subject:
        envelope = replace(envelope, subject=subject.text.partition(":")[2] if not subject.subject else subject.text)
    if not (envelope.asks or any(_asks(line) for line in lines)):
        return Letter(lines=tuple(lines), timed=tuple(lines))
    parts = _Parts()
    written = _with_labels(lines)
    left = cut_ending(written)
    _heed_apart(envelope, (line for line, kept in zip(written, left, strict=True) if not kept.text), parts, doubts)
    for line in left:
        if line is subject:
            parts.kept.append(replace(line, text="", raw=""))
        else:
            _part(line, parts, doubts)
    series = next((found for line, text in parts.requests if (found := series_in(line, text))), None)
    said = {fold(series.text)} if series else set()
    title = next((found for line, text in parts.requests if (found := title_in(line, text, said))), None)
    if title is None and (text := envelope.title):
        title = replace(subject, text=text) if subject else Line(number=1, text=text, raw=envelope.subject)
    return Letter(
        lines=tuple(parts.kept),
        timed=tuple(parts.timed),
        asked=frozenset(parts.asked),
        is_letter=True,
        title=title,
        series=series,
        people=tuple(parts.people),
        consent="do_not_record" if parts.consents == {"do_not_record"} else "ask" if len(parts.consents) > 1 else "",
    )


def _with_labels(lines: Sequence[Line]) -> Sequence[Line]:
    """Write "Title:" where the word stands alone above its value, as do other labels: a pasted table."""
    alone = [read_label(line.text) for line in lines if line.text and ":" not in line.text]
    if sum(bool(label and not label.rest and label.field in ("date", "time", "people")) for label in alone) < 2:
        return lines
    titles = {line.number for line in lines if ":" not in line.text and _is_title_label(line.text)}
    return [replace(line, text=f"{line.text}:") if line.number in titles else line for line in lines]


def _is_title_label(text: str) -> bool:
    label = read_label(f"{text}:") if 0 < len(text) <= 40 else None
    return bool(label and label.field == "title" and not label.rest)


def _is_subject(line: Line) -> bool:
    return fold(line.text.partition(":")[0]).strip() in _SUBJECT


def _asks(line: Line) -> bool:
    sentences = _sentences(line)
    return any(asks_for_event(each) or refers_back(each) or (asks_one(each) and _is_timed(each)) for each in sentences)


def _sentences(line: Line) -> list[str]:
    label = read_label(line.text) if line.text else None
    if not line.text or line.heading or (label and label.field in _KEPT_LABELS):
        return []
    return split_sentences(line.text[:_LONGEST])


def _part(line: Line, parts: _Parts, doubts: Doubts) -> None:
    """Part one line or paragraph."""
    sentences = _sentences(line)
    if not sentences or (line.bullet and not is_labelled_wish(line.text)):
        _keep(line, parts, doubts)
        return
    timed = [each for each in sentences if _is_timed(each)]
    rest = []
    for sentence in sentences:
        said = said_in(sentence)
        if said == "wish":
            _take_wish(line, sentence, parts, doubts)
        refuses = _heed_refusal(line, sentence, parts, doubts, is_wish=said == "wish")
        titled = states_title(sentence)
        if titled or said in ("request", "wish") or introduces_title(sentence):
            parts.requests.append((line, sentence))
        if titled or (refuses and not said and sentence not in timed):
            continue
        elif not said and (is_private(sentence) or (sentence in timed and speaks_of_writer(sentence))):
            doubts.add("wishes", replace(line, raw=sentence), LEFT_OUT)
        elif not said and sentence not in timed:
            found, left = people_in(line, sentence)
            parts.people.extend(found)
            rest.extend([left] if left else [])
    if timed:
        parts.asked.add(line.number)
    whole = len(rest) == len(sentences)
    text = " ".join(rest) if not whole else line.text
    parts.kept.append(line if whole and text == line.text else replace(line, text=text, raw=text))
    parts.timed.append(replace(line, text=" ".join(timed)) if timed else parts.kept[-1])


def _keep(line: Line, parts: _Parts, doubts: Doubts) -> None:
    """Keep a label, a heading or a point of a list as it is; a point that is private is left out."""
    label = read_label(line.text) if line.text else None
    titled = label and label.field in ("title", "series")
    out = not titled and _heed_refusal(line, line.text, parts, doubts, is_wish=False)
    if line.bullet and is_private(line.text):
        doubts.add("wishes", line, LEFT_OUT)
        out = True
    if line.bullet and out:
        line = replace(line, text="", raw="")
    parts.kept.append(line)
    parts.timed.append(line)


def _heed_apart(envelope: Envelope, ending: Iterable[Line], parts: _Parts, doubts: Doubts) -> None:
    """Heed "no recording, please" in the subject, and in a postscript."""
    subject = Line(number=1, text=envelope.subject, raw=envelope.subject)
    for line in (subject, *ending):
        if not is_fine_print(line.text):
            _heed_refusal(line, line.text, parts, doubts, is_wish=False)


def _heed_refusal(line: Line, sentence: str, parts: _Parts, doubts: Doubts, *, is_wish: bool) -> bool:
    """Let nothing be recorded where a sentence may ask for that; a plain "do not record" leaves no doubt."""
    if is_wish and topic_of(sentence) == "recording" and is_plain(sentence):
        return False
    refuses = may_refuse_recording(sentence)
    if refuses:
        parts.consents.add("do_not_record")
        doubts.add("recording", replace(line, raw=sentence), NOT_RECORDED)
    return refuses


def _is_timed(sentence: str) -> bool:
    """Check whether a sentence says when the event is: to the operator, or with few other words."""
    if not (find_dates(sentence, yearless=True) and find_times(sentence)):
        return False
    beside = sum(len(word) for word in words_of(sentence) if word.isalpha())
    said = said_in(sentence)
    return bool(said) or beside <= _FRAGMENT or speaks_of_writer(sentence)


def _take_wish(line: Line, sentence: str, parts: _Parts, doubts: Doubts) -> None:
    """Take a wish over where a field says it; else note what was said."""
    topic = topic_of(sentence)
    if topic == "recording" and (consent := consent_in(sentence)) != "unsure":
        parts.consents.add(consent)
        if consent == "do_not_record" or not is_for_some(sentence):
            return
    restricts = topic == "recording" and is_for_some(sentence)
    if restricts or (topic == "audience" and not is_for_all(sentence)):
        doubts.add("recording", replace(line, raw=sentence), _FOR_SOME)
    if topic or wants_links(sentence) or not (asks_for_event(sentence) or _is_timed(sentence)):
        doubts.add("wishes", replace(line, raw=sentence), _NOT_TAKEN_OVER)
