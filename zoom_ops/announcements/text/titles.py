"""The choice of the title among the lines of the head, with its series."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...errors import BadInputError
from ...events import Status
from ..doubts import Doubts
from ..lines import Line
from ..who import is_body
from .organizers import is_named_body
from .outline import Outline

_SERIES = re.compile(
    r"\b(?:side[ -]event|webinar series|seminar series|lecture series|speaker series|dialogue series"
    r"|talks? series|series|cycle|ciclo|serie|in the margins of|on the margins of|on the sidelines of"
    r"|part of"
    r"|(?:\w+th|\w+st|\w+nd|\w+rd)\s+(?:regular |special |annual |ordinary )?session|annual (?:meeting"
    r"|conference|forum|congress)|world (?:forum|congress|summit)|forum \d{4}|\d{4} [\w ]*forum"
    r"|episode \d+|evento paralelo|événement parallèle|événement en marge|en marge d|en el marco d"
    r"|dans le cadre d|within the framework of|webinaire n°|session \d+ of|week \d{4}|days? \d{4})\b",
    re.IGNORECASE,
)
_EVENT_WORDS = re.compile(
    r"\b(?:webinars?|seminars?|lectures?|dialogues?|forum|conference|symposium|workshops?|talks?"
    r"|\w*weeks?|weekend|days?|summit|congress|meetings?|round ?tables?|panel|training|briefing|exercise"
    r"|events?|working group"
    r"|webinaires?|séminaires?|conférence|colloque|atelier|dialogue|seminarios?|conferencia|coloquio"
    r"|taller|webinários?|veranstaltung|tagung|vortrag\w*|reihe|вебинар\w*|семинар\w*|форум\w*)\b|研讨会"
    r"|论坛|会议|ندوة|منتدى",
    re.IGNORECASE,
)
_SEMINAR = re.compile(r"(?:[\w&-]+ ){1,5}(?:seminars?|colloquium|lectures?|séminaire)", re.IGNORECASE)
_NUMBER_ONLY = re.compile(
    r"(?:session|workshop|panel|event|webinar|episode|part|sesión|séance)\s+(?:no\.?\s*|n°\s*"
    r"|#\s*)?\d+",
    re.IGNORECASE,
)
_KIND_BEFORE = re.compile(
    r"(?:side[ -]event|evento paralelo|événement parallèle)\s*[:–—-]\s*\S", re.IGNORECASE
)  # a title follows it
_STATUS = re.compile(
    r"^\s*[(\[*]*\s*(?P<word>cancel+ed|postponed|rescheduled|new date|annulée?|reportée?|cancelad[oa]"
    r"|suspendid[oa]|aplazad[oa]|pospuest[oa]|reprogramad[oa]|abgesagt"
    r"|verschoben)\s*[)\]*]*\s*[:–—-]*\s*",
    re.IGNORECASE,
)
_STATUS_WORDS: dict[str, Status] = {
    "canc": "cancelled",
    "annu": "cancelled",
    "susp": "cancelled",
    "abge": "cancelled",
    "resc": "rescheduled",
    "new ": "rescheduled",
    "repr": "rescheduled",
}
_LEAD = re.compile(
    r"^(?:save the date|invitation|announcement|event announcement|webinar announcement"
    r"|webinar invitation|reminder|rappel|recordatorio|réservez la date|invitación"
    r"|invitation to(?: the)? webinar|you are invited to|join us for|media advisory"
    r"|press release)\s*[:!–—-]+\s*",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"(?:as )?part of (?:the |our )?(?:series|webinar series"
    r"|cycle)\s*:?\s*[“\"«]?(?P<series>[^“”\"«»]+)[”\"»]?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:invit\w+|join|will|takes? place|pleased|please|you|we|our|held|aura lieu|tendrá lugar"
    r"|se celebrará)\b",
    re.IGNORECASE,
)
_JOINS_DATE = re.compile(
    r"[\s,;:|(–—-]*(?:\b(?:on|le|el|am|date|when|will take place|will be held|takes place"
    r"|held)\b\s*)*[\s,;:|(–—-]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Title:
    """The name of an event, with series and status; `left_over` holds lines of the head for the description."""

    name: str
    series: str | None
    status: Status
    left_over: tuple[list[str], ...] = ()


def read_title(outline: Outline, before_date: str, schedule_line: Line, file: str, line: int, doubts: Doubts) -> Title:
    """Choose name and series from the lines of the head, else the text before the date, else a mail's subject.

    Raises BadInputError with the line where there is no title or a too long one.
    """
    _move_organizers(outline)
    name_line, series, left_over = _choose(outline, doubts)
    written = outline.title_text or (name_line.text if name_line else "")
    if not written:
        written = _before_date(before_date, doubts, schedule_line)
    if sum(character.isalpha() for character in written) < 3 and outline.subject:
        written = outline.subject.text
    series = _PART_OF.sub(lambda match: match["series"], series) if series else ""
    status, name = _cut_status(written)
    name = _bare(name)
    if series and (early := _cut_status(series))[0] != "scheduled":
        status, series = early
    if not any(character.isalnum() for character in name):
        raise BadInputError(
            "no line gives the title; expected it on a line of its own above the date", file=file, line=line
        )
    if len(name) > 500:
        raise BadInputError(
            "expected a title of at most 500 characters", file=file, line=name_line.number if name_line else line
        )
    return Title(name=name, series=series or None, status=status, left_over=left_over)


def _before_date(text: str, doubts: Doubts, line: Line) -> str:
    """Take the title from the text before the date in its line; a title from a sentence causes a doubt."""
    quoted = re.search(r"[“\"«„](?P<title>[^“”\"«»„]{4,300})[”\"»“]", text)
    title = quoted["title"].strip() if quoted else _JOINS_DATE.sub("", text)
    if title and (quoted or _SENTENCE.search(text)):
        doubts.add("name", line, "the title is taken from a sentence")
    return title


def _move_organizers(outline: Outline) -> None:
    """Move each line of the head that is only the full name of a body with its acronym to the organizers."""
    bodies = [line for line in outline.head if is_named_body(line.text) and not _SERIES.search(line.text)]
    if len(bodies) < len(outline.head):
        outline.head = [line for line in outline.head if line not in bodies]
        outline.organizers.extend((line, line.text) for line in bodies)


def _choose(outline: Outline, doubts: Doubts) -> tuple[Line | None, str, tuple[list[str], ...]]:
    """Choose the line of the title; return it with the series and the other lines of the head."""
    head = [line for line in outline.head if _bare(_cut_status(line.text)[1])] or outline.head
    if outline.title_text:
        others = [line for line in head if line.text != outline.title_text]
        series = outline.series or (others[0].text if others else "")
        return None, series, _left(line for line in others if line.text != series)
    marked = [line for line in head if line.heading]
    if outline.series:
        return (head[0] if head else None), outline.series, _left(head[1:])
    if len(head) <= 1:
        return (head[0] if head else None), "", ()
    serial = [line for line in head if _SERIES.search(line.text) and not _KIND_BEFORE.match(line.text)]
    if len(marked) == 1 and len(head) > 1:
        return _around(marked[0], head, serial)
    if len(head) == 2:
        return _from_two(head, serial, doubts)
    return _from_many(head, serial, doubts)


def _from_two(head: list[Line], serial: list[Line], doubts: Doubts) -> tuple[Line, str, tuple[list[str], ...]]:
    """Take the first line as the series and the second as the title, unless the second names the series."""
    first, second = head
    if serial == [second] or _NUMBER_ONLY.fullmatch(second.text):
        return first, second.text, ()
    names_seminar = is_body(first.text) and _SEMINAR.fullmatch(second.text)  # the second may be the series
    if names_seminar or not (serial or is_body(first.text) or _EVENT_WORDS.search(first.text)):
        reason = f"taken as series: {first.text[:120]!r}, as title: {second.text[:120]!r}"
        doubts.add("series", first, reason)
    return second, first.text, ()


def _around(title: Line, head: list[Line], serial: list[Line]) -> tuple[Line, str, tuple[list[str], ...]]:
    others = [line for line in head if line is not title]
    series = next((line for line in others if line in serial), None) or next(
        (line for line in others if line.number < title.number), None
    )
    return title, series.text if series else "", _left(line for line in others if line is not series)


def _from_many(head: list[Line], serial: list[Line], doubts: Doubts) -> tuple[Line, str, tuple[list[str], ...]]:
    """Choose among three or more lines the one after the series, else the second with a doubt."""
    if len(serial) == 1:
        place = head.index(serial[0])
        title = head[place + 1] if place + 1 < len(head) else head[place - 1]
        others = [line for line in head if line is not title and line is not serial[0]]
        before = [line for line in others if line.number < title.number]
        for line in before:
            doubts.add("series", line, "this line above the title was left out")
        return title, serial[0].text, _left(line for line in others if line not in before)
    title, series = head[1], head[0]
    reason = f"{len(head)} lines may be the title; taken: {title.text[:120]!r}, and as series {series.text[:120]!r}"
    doubts.add("name", title, reason)
    doubts.add("series", series, f"taken as series: {series.text[:120]!r}, as title: {title.text[:120]!r}")
    return title, series.text, _left(head[2:])


def _left(lines: Iterable[Line]) -> tuple[list[str], ...]:
    return tuple([line.raw] for line in lines)


def _cut_status(text: str) -> tuple[Status, str]:
    match = _STATUS.match(text)
    if not match or not text[match.end() :].strip():
        return "scheduled", text
    return _STATUS_WORDS.get(match["word"][:4].lower(), "postponed"), text[match.end() :]


def _bare(text: str) -> str:
    """Remove words such as "Save the date:" and the quotation marks around the title."""
    bare = _LEAD.sub("", text.strip()).strip(" ,;|–—-")
    quoted = re.fullmatch(r"[“\"«„]\s?([^“”\"«»„]+?)\s?[”\"»“]", bare)
    return quoted[1] if quoted else bare
