"""The choice of the title among the lines of the head, with its series and status."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import BadInputError
from ...events import Status
from ...phrases.changes import doubt_of_title, title_says
from ...phrases.kinds import narrow
from ...phrases.names import looks_like_person, split_honorific
from ...phrases.people import before_person
from ...phrases.roles import is_acronym, is_body
from ...phrases.status import cut_status, only_status, status_said
from ...phrases.titles import QUOTED, bare_title, inner_titles, is_junk, is_numbered, is_serial
from ...phrases.words import fold, word_list, words_of
from ..doubts import Doubts
from ..lines import Line
from ..when import WhenLine
from .organizers import is_named_body
from .outline import Outline
from .shapes import is_noise

_SERIES_ENDS, _OCCASIONS = frozenset(word_list("series_ends")), frozenset(word_list("occasions"))
_SAYING, _BEFORE_DATES = frozenset(word_list("saying")), frozenset(word_list("before_dates"))
_TITLE_BEGINS, _TITLE_HOLDS = (frozenset(word_list(name)) for name in ("title_begins", "title_holds"))
_OF = frozenset(["of", "for", "de", "des", "du", "für", "der", "di", "da", "y", "and", "et", "on", "на", "по"])


@dataclass(frozen=True, kw_only=True)
class Title:
    """The name of an event, with series and status, and their lines; `left_over` holds lines for the description."""

    name: str
    line: Line | None
    series: str | None
    series_line: Line | None
    status: Status
    left_over: tuple[Line, ...]


def read_title(outline: Outline, first: WhenLine, file: str, line: int, doubts: Doubts) -> Title:
    """Choose name and series from the head, the text before the date, a mail's subject; else raise BadInputError."""
    head = outline.head
    said: Status = next(filter(None, (only_status(each.text) for each in head)), "scheduled")
    head = [each for each in head if not only_status(each.text) and bare_title(cut_status(each.text)[1])]
    bodies = [each for each in head if is_named_body(each.text) and not is_serial(each.text)]
    bodies = bodies if len(bodies) < len(head) else []  # a line that is only the full name of a body: an organizer
    head = [each for each in head if each not in bodies]
    outline.organizers.extend((each, each.text) for each in bodies)
    title, series, text = _choose(outline, head, first, doubts)
    status, name = cut_status(text)
    name = bare_title(name)
    if not any(character.isalnum() for character in name):
        message = "no line gives the title; expected it on a line of its own above the date"
        raise BadInputError(message, file=file, line=line)
    if len(name) > 500:
        number = title.number if title else line
        raise BadInputError("expected a title of at most 500 characters", file=file, line=number)
    inner = inner_titles(name) or before_person(name)
    choices = (name, *inner) if inner else ()
    if word := status_said(name)[1] or title_says(name):
        doubts.add("name", title, doubt_of_title(word), choices)
    elif choices:
        doubts.add("name", title, "a part of this line may be the title", choices)
    if series and (is_junk(series.text) or (outline.is_letter and series is not outline.series)):
        series = None
    early, above = cut_status(series.text if series else "")
    return Title(
        name=name,
        line=title,
        series=_series_name(above) or None,
        series_line=series,
        status=status or early or said,
        left_over=tuple(each for each in outline.head if each not in (title, series, *bodies)),
    )


def _choose(
    outline: Outline, head: list[Line], first: WhenLine, doubts: Doubts
) -> tuple[Line | None, Line | None, str]:
    """Choose the line of the title, that of the series, and the text of the title."""
    labelled = outline.title if outline.title and not is_noise(outline.title.text) else None  # "Subject: Invitation"
    marked = [line for line in head if line.heading]
    if len(head) > 1:  # a club may stand in bold above a title
        marked = [line for line in marked if not (_is_club(line.text) or _names_body(line.text))]
    if labelled:
        others = [line for line in head if line.text != labelled.text]
        if others and fold(labelled.raw).startswith(("theme", "motto", "subject")) and not is_serial(others[0].text):
            choices = _choices(labelled.text, *(line.text for line in others if not is_junk(line.text)))
            doubts.add("name", labelled, "another line may be the title", choices)
        elif others and (split_honorific(labelled.text)[0] or _may_name_person(labelled.text)):  # "Vortrag: Prof. …"
            choices = _choices(labelled.text, *(line.text for line in others))
            doubts.add("name", labelled, "the title may be the name of a person", choices)
        return labelled, outline.series or (None if outline.is_letter else next(iter(others), None)), labelled.text
    if outline.asked:
        return _from_letter(outline.asked, head, outline, doubts)
    if not head:
        line, text = _without_head(outline, first, doubts)
        return line, outline.series, text
    if len(head) == 1 or len(marked) == 1:
        title = marked[0] if len(marked) == 1 else head[0]
        others = [line for line in head if line is not title]
        _doubt_alone(title, others, outline, first, doubts)
        above = [line for line in others if is_serial(line.text) or line.number < title.number]
        series = outline.series or next(iter(above), None)
    else:
        title, series = _from_several(head, outline, doubts)
    return title, series, title.text


def _from_letter(asked: Line, head: Sequence[Line], outline: Outline, doubts: Doubts) -> tuple[Line, Line | None, str]:
    """Take the title by the sentence that asks, or by the subject. A line that says more or other is a choice."""
    title = fold(asked.text)
    same = next((line for line in head if fold(bare_title(line.text)) == title), None)
    others = [line.text for line in head if line is not same]
    if others and not same:
        doubts.add("name", asked, "another line may be the title", _choices(asked.text, *others[:5]))
    return same or asked, outline.series, asked.text


def _doubt_alone(title: Line, others: Sequence[Line], outline: Outline, first: WhenLine, doubts: Doubts) -> None:
    """Add a doubt if the only line for a title may be none, or another line may be it."""
    text, serial = title.text, any(is_serial(line.text) for line in (title, *others))
    placed = outline.series or any(is_serial(line.text) for line in others)  # so the other line is the title
    named = _may_name_person(text) and not any(entry.certain for entry in outline.people)
    body = _is_club(text) or _names_body(text)
    beside = [] if first.label else [_before_date(first), first.after.partition(": ")[2]]
    rivals = [each for each in beside if len(each.split()) > 1 and not is_noise(each)]
    rivals += [line.text for line in outline.rivals if line.text != text and (body or not _is_aside(line.text))]
    is_below = title.number > first.line.number
    skipped = [each.line for each in outline.people if is_below and each.line.number < first.line.number]
    passed = [line.text for line in (*outline.passed, *skipped)]
    if text.endswith(".") and (is_below or len(text.split()) > 4):
        doubts.add("name", title, "the title is taken from a sentence")
    elif not title.heading and (passed or (rivals and not placed and len(others) <= 1)):
        doubts.add("name", title, "another line may be the title", _choices(text, *passed[:3], *rivals[:5]))
    elif not others and not serial and (named or body):
        doubts.add("name", title, "this line may name a person or a body; the text has no other line for a title")


def _may_name_person(text: str) -> bool:
    """Check whether a line may be a name: "The Quiet Machine" and "Postgres Under Pressure" are none."""
    words = words_of(text)
    return looks_like_person(text) and words[0] not in _TITLE_BEGINS and _TITLE_HOLDS.isdisjoint(words)


def _is_club(text: str) -> bool:
    return text.istitle() and is_body(text.split()[-1])  # "Linguistics Circle"


def _is_aside(text: str) -> bool:
    """Check whether a line beside a title is none: a remark in brackets, the name of a body, "with Ada Lovelace"."""
    bare, bracketed = narrow(text), text[0] == "(" and text[-1] == ")"
    named = bare != text and _may_name_person(bare)
    return named or bracketed or _is_club(text) or _names_body(text)


def _choices(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(bare_title(cut_status(text)[1])[:500] for text in texts))


def _from_several(head: list[Line], outline: Outline, doubts: Doubts) -> tuple[Line, Line | None]:
    """Take the one line that is neither series, occasion, number nor body; where several may be it, with a doubt."""
    series, passed = outline.series, [line for line in outline.passed if ": " in line.text]
    leads = [line for line in head if is_serial(line.text)] or [line for line in head[:1] if _leads(line.text)]
    leads = leads or [line for line in head if is_numbered(line.text)]
    others = [line for line in head if line not in leads and not is_numbered(line.text)]
    titles = [line for line in others if not _names_body(line.text)] if len(others) > 1 else others
    sure = not passed and len(titles) == 1 and (len(leads) == 1 or series) and not _leads(titles[0].text)
    if sure and (len(others) == 1 or is_serial(leads[0].text)):
        return titles[0], series or leads[0]
    after = leads[0] if len(leads) == 1 else head[0]
    title = next((line for line in titles if line.number > after.number), head[1])
    others = [line for line in head if line is not title]
    reason = f"{len(head) + len(passed)} lines may be the title; taken: {title.text[:120]!r}"
    doubts.add("name", title, reason, _choices(*(line.text for line in (title, *passed, *others))))
    return title, series or (after if after is not title else others[0])


def _without_head(outline: Outline, first: WhenLine, doubts: Doubts) -> tuple[Line, str]:
    """Take the text before the date, a title in quotation marks, or the subject of a mail; a sentence is doubted."""
    quoted = QUOTED.search(first.before)
    written = quoted["title"].strip() if quoted else _before_date(first)
    if outline.subject and not quoted:
        doubts.add("name", outline.subject, "the title is taken from the subject of the mail")
        return outline.subject, outline.subject.text
    sentence = len(words_of(written)) < 3 or not _SAYING.isdisjoint(words_of(first.before)) or not first.is_certain
    if written and (quoted or sentence):
        doubts.add("name", first.line, "the title is taken from a sentence")
    return first.line, written


def _before_date(first: WhenLine) -> str:
    words = first.before.split()
    while words and fold(words[-1]).strip(",;:|(–—-") in _BEFORE_DATES | {""}:
        words.pop()
    return " ".join(words).strip(" ,;:|(–—-")


def _leads(text: str) -> bool:
    """Check whether a first line leads to a title: "Partners in Health Seminar", "Webinar of the Institute of X"."""
    words, plain = text.split(), words_of(text)
    body = plain[:1] and plain[0] in _OCCASIONS and is_body(text) and not _OF.isdisjoint(plain[1:3])
    leads = plain[-1:] and (plain[-1] in _SERIES_ENDS or body or _names_body(" ".join(words)))
    return bool(leads) and set(":?!").isdisjoint(text)


def _names_body(text: str) -> bool:
    """Check whether a line is the name of a body: "Institute of Journalism", "Group on AI (FG)", "IEEE Society"."""
    words = text.split()
    first = any(is_body(word) and not is_acronym(word) for word in words[:2]) and not _OF.isdisjoint(words_of(text))
    framed = len(words) > 1 and is_acronym(words[0]) and is_body(words[-1]) and not is_acronym(words[-1])
    return not set(":?!") & set(text) and (is_named_body(text) or first or framed)


def _series_name(series: str) -> str:
    """Cut "Part of the series" and quotation marks."""
    quoted, folded = QUOTED.search(series), fold(series)
    for phrase in ("series ", "cycle ") if folded.startswith(("part of", "as part of")) else ():
        before, found, after = folded.partition(phrase)
        if found and after.strip(' :“"'):
            return quoted["title"] if quoted else series[len(before) + len(found) :].strip(' :“”"')
    return series
