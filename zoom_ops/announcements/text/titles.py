"""The choice of the title among the lines of the head, with its series."""

import re
from dataclasses import dataclass

from ...errors import BadInputError
from ...events import Status
from ..doubts import Doubts
from ..lines import Line
from ..when import WhenLine
from ..who.roles import is_body
from .organizers import is_named_body
from .outline import Outline

_SERIES = re.compile(
    r"(?i)\b(?:side[ -]event|webinar series|seminar series|lecture series|speaker series|dialogue series|talks? series"
    r"|series|cycle|ciclo|serie|in the margins of|on the margins of|on the sidelines of|part of|(?:\w+th|\w+st|\w+nd"
    r"|\w+rd)\s+(?:regular |special |annual |ordinary )?session|annual (?:meeting|conference|forum|congress)"
    r"|world (?:forum|congress|summit)|forum \d{4}|\d{4} [\w ]*forum|episode \d+|evento paralelo|événement parallèle"
    r"|événement en marge|en marge d|en el marco d|dans le cadre d|within the framework of|webinaire n°|session \d+ of"
    r"|week \d{4}|days? \d{4})\b"
)
_EVENT_WORDS = re.compile(
    r"(?i)\b(?:webinars?|seminars?|lectures?|dialogues?|forum|conference|symposium|workshops?|talks?|\w*weeks?|weekend"
    r"|days?|summit|congress|meetings?|round ?tables?|panel|training|briefing|exercise|events?|working group"
    r"|webinaires?|séminaires?|conférence|colloque|atelier|seminarios?|conferencia|coloquio|taller|webinários?"
    r"|veranstaltung|tagung|vortrag\w*|reihe|вебинар\w*|семинар\w*|форум\w*)\b|研讨会|论坛|会议|ندوة|منتدى"
)
_SEMINAR = re.compile(r"(?i)(?:[\w&-]+ ){1,5}(?:seminars?|colloquium|lectures?|séminaire)")
_NUMBER_ONLY = re.compile(
    r"(?i)(?:session|workshop|panel|event|webinar|episode|part|sesión|séance)\s+(?:no\.?\s*|n°\s*|#\s*)?\d+"
)
_KIND_BEFORE = re.compile(
    r"(?i)(?:side[ -]event|evento paralelo|événement parallèle)\s*[:–—-]\s*\S"
)  # a title follows it
_STATUS = re.compile(
    r"(?i)^\s*[(\[*]*\s*(?P<word>cancel+ed|postponed|rescheduled|new date|annulée?|reportée?|cancelad[oa]|suspendid[oa]"
    r"|aplazad[oa]|pospuest[oa]|reprogramad[oa]|abgesagt|verschoben)\s*[)\]*]*\s*[:–—-]*\s*"
)
_STATUS_BEGINS: dict[Status, tuple[str, ...]] = {
    "cancelled": ("canc", "annu", "susp", "abge"),
    "rescheduled": ("resc", "new ", "repr"),
}
_LEAD = re.compile(
    r"(?i)^(?:save the date|invitation|announcement|event announcement|webinar announcement|webinar invitation|reminder"
    r"|rappel|recordatorio|réservez la date|invitación|invitation to(?: the)? webinar|you are invited to|join us for"
    r"|media advisory|press release)\s*[:!–—-]+\s*"
)
_PART_OF = re.compile(
    r"(?i)(?:as )?part of (?:the |our )?(?:series|webinar series|cycle)\s*:?\s*[“\"«]?(?P<series>[^“”\"«»]+)[”\"»]?"
)
_SENTENCE = re.compile(
    r"(?i)\b(?:invit\w+|join|will|takes? place|pleased|please|you|we|our|held|aura lieu|tendrá lugar|se celebrará)\b"
)
_JOINS_DATE = re.compile(
    r"(?i)[\s,;:|(–—-]*(?:\b(?:on|le|el|am|date|when|will take place|will be held|takes place|held)\b\s*)*[\s,;:"
    r"|(–—-]*$"
)


@dataclass(frozen=True, kw_only=True)
class Title:
    """The name of an event, with series and status; `left_over` holds lines of the head for the description."""

    name: str
    series: str | None
    status: Status
    left_over: tuple[Line, ...]


def read_title(outline: Outline, first: WhenLine, file: str, line: int, doubts: Doubts) -> Title:
    """Choose name and series from the lines of the head, else the text before the date, else a mail's subject.

    Raises BadInputError with the line where there is no title or a too long one.
    """
    bodies = [line for line in outline.head if is_named_body(line.text) and not _SERIES.search(line.text)]
    if len(bodies) < len(outline.head):  # each line that is only the full name of a body names an organizer
        outline.head = [line for line in outline.head if line not in bodies]
        outline.organizers.extend((line, line.text) for line in bodies)
    name_line, series, left_over = _choose(outline, doubts)
    written = outline.title or (name_line.text if name_line else "")
    if not written:
        quoted = re.search(r"[“\"«„](?P<title>[^“”\"«»„]{4,300})[”\"»“]", first.before)
        written = quoted["title"].strip() if quoted else _JOINS_DATE.sub("", first.before)
        if written and (quoted or _SENTENCE.search(first.before)):
            doubts.add("name", first.line, "the title is taken from a sentence")
    if sum(character.isalpha() for character in written) < 3 and outline.subject:
        written = outline.subject.text
    series = _PART_OF.sub(lambda match: match["series"], series) if series else ""
    status, name = _cut_status(written)
    name = _bare(name)
    if series and (early := _cut_status(series))[0] != "scheduled":
        status, series = early
    if not any(character.isalnum() for character in name):
        message = "no line gives the title; expected it on a line of its own above the date"
        raise BadInputError(message, file=file, line=line)
    if len(name) > 500:
        line = name_line.number if name_line else line
        raise BadInputError("expected a title of at most 500 characters", file=file, line=line)
    return Title(name=name, series=series or None, status=status, left_over=tuple(left_over))


def _choose(outline: Outline, doubts: Doubts) -> tuple[Line | None, str, list[Line]]:
    """Choose the line of the title; return it with the series and the other lines of the head."""
    head = [line for line in outline.head if _bare(_cut_status(line.text)[1])] or outline.head
    if outline.title:
        others = [line for line in head if line.text != outline.title]
        series = outline.series or (others[0].text if others else "")
        return None, series, [line for line in others if line.text != series]
    if outline.series or len(head) <= 1:
        return (head[0] if head else None), outline.series, head[1:]
    serial = [line for line in head if _SERIES.search(line.text) and not _KIND_BEFORE.match(line.text)]
    marked = [line for line in head if line.heading]
    if len(marked) == 1:
        (title,) = marked
        others = [line for line in head if line is not title]
        above = [line for line in others if line in serial] + [line for line in others if line.number < title.number]
        left = [line for line in others if line not in above[:1]]
        return title, above[0].text if above else "", left
    return _from_two(head, serial, doubts) if len(head) == 2 else _from_many(head, serial, doubts)


def _from_two(head: list[Line], serial: list[Line], doubts: Doubts) -> tuple[Line, str, list[Line]]:
    """Take the first line as the series and the second as the title, unless the second names the series."""
    first, second = head
    if serial == [second] or _NUMBER_ONLY.fullmatch(second.text):
        return first, second.text, []
    names_seminar = is_body(first.text) and _SEMINAR.fullmatch(second.text)  # the second may be the series
    if names_seminar or not (serial or is_body(first.text) or _EVENT_WORDS.search(first.text)):
        doubts.add("series", first, f"taken as series: {first.text[:120]!r}, as title: {second.text[:120]!r}")
    return second, first.text, []


def _from_many(head: list[Line], serial: list[Line], doubts: Doubts) -> tuple[Line, str, list[Line]]:
    """Choose among three or more lines the one after the series, else the second with a doubt."""
    if len(serial) == 1:
        place = head.index(serial[0])
        title = head[place + 1] if place + 1 < len(head) else head[place - 1]
        others = [line for line in head if line is not title and line is not serial[0]]
        before = [line for line in others if line.number < title.number]
        for line in before:
            doubts.add("series", line, "this line above the title was left out")
        return title, serial[0].text, [line for line in others if line not in before]
    series, title = head[:2]
    reason = f"{len(head)} lines may be the title; taken: {title.text[:120]!r}, and as series {series.text[:120]!r}"
    doubts.add("name", title, reason)
    doubts.add("series", series, f"taken as series: {series.text[:120]!r}, as title: {title.text[:120]!r}")
    return title, series.text, head[2:]


def _cut_status(text: str) -> tuple[Status, str]:
    match = _STATUS.match(text)
    if not match or not text[match.end() :].strip():
        return "scheduled", text
    word, rest = match["word"].lower(), text[match.end() :]
    return next((status for status, begins in _STATUS_BEGINS.items() if word.startswith(begins)), "postponed"), rest


def _bare(text: str) -> str:
    """Remove words such as "Save the date:" and the quotation marks around the title."""
    bare = _LEAD.sub("", text.strip()).strip(" ,;|–—-")
    quoted = re.fullmatch(r"[“\"«„]\s?([^“”\"«»„]+?)\s?[”\"»“]", bare)
    return quoted[1] if quoted else bare
