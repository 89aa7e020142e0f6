"""The parser: announcement text → event."""

import re
from typing import Any

from pydantic import ValidationError

from ...errors import BadInputError
from ...events import Event, make_slug
from ..doubts import Doubts
from ..lines import Line, read_label, read_lines
from ..when import Schedule, read_schedule
from ..who.speakers import people_of_agenda, read_performers
from .language import guess_language
from .links import is_members_note, read_links
from .organizers import organizers_in_prose, read_organizers
from .outline import Outline, read_outline
from .shapes import is_place, is_platform
from .titles import read_title
from .wrapping import join_wrapped

MOST_CHARACTERS = 400_000
MOST_LINES = 1_500
_NOT_RECORDED = re.compile(
    r"(?i)\b(?:will|shall|is|are)\s+(?:not|never)\s+(?:be\s+)?(?:being\s+)?recorded\b|\bno recording\b"
    r"|\b(?:won't|isn't) be recorded\b|\brecording (?:is )?(?:not permitted|prohibited|not allowed)\b"
    r"|ne (?:sera|seront) pas enregistrée?s?|no (?:será|se) (?:grabad[oa]|grabará)|wird nicht aufgezeichnet"
)
_JOIN_LINK = re.compile(r"https?://[\w.-]+/(?:j|w|wc)/\d{9,11}\b")
_HELD_ON = re.compile(r"(?i)^(?:(?:held|hosted|on|via|by|sur|par|por)\s+)+")
_CHATHAM = re.compile(r"(?i)\bchatham house rule")
_DEFAULTS = ("scheduled", "record")  # status and consent of a text that mentions neither


def parse_text(text: str, file: str) -> tuple[Event, int]:
    """Read an announcement; return its event and the line on which it begins.

    Raises BadInputError with the line where no event can be read.
    """
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        most = f"{MOST_CHARACTERS:,} characters in {MOST_LINES:,} lines"
        message = f"expected an announcement of at most {most}; one file holds one announcement"
        raise BadInputError(message, file=file, line=1)
    lines = read_lines(text)
    begins = next((line.number for line in lines if line.text), None)
    if begins is None:
        raise BadInputError("the file is empty; expected the text of an announcement", file=file, line=1)
    doubts = Doubts()
    schedule = read_schedule(lines, _venue_hint(lines), file, doubts)
    outline = read_outline(join_wrapped(lines, schedule.lines), schedule.lines)
    try:
        return Event.model_validate(_fields(outline, schedule, file, begins, doubts)), begins
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInputError(f"{where}: {first['msg']}", file=file, line=begins) from error


def _fields(outline: Outline, schedule: Schedule, file: str, begins: int, doubts: Doubts) -> dict[str, Any]:
    title = read_title(outline, schedule.first, file, begins, doubts)
    organizers = read_organizers(outline.organizers, doubts) or organizers_in_prose(
        (*schedule.prose, *outline.body_lines), doubts
    )
    performers = read_performers(outline.people or people_of_agenda(outline.body_lines), doubts)
    restricting = [line for line in outline.body_lines if is_members_note(line.text)]
    links = read_links([*outline.links, *restricting], doubts, outline.links_note)
    if links.unclear:
        advice = "an operator must approve publishing the recording"
        doubts.add("recording", links.unclear, f"the note does not say which entries are for members; {advice}")
    for line in outline.body_lines:
        if _JOIN_LINK.search(line.text):
            reason = "a join link of another webinar stands in the description; readers would follow it"
            doubts.add("description", line, reason)
    paragraphs = (*([line.raw] for line in (*title.left_over, *schedule.prose)), *outline.body)
    description = "\n\n".join("\n".join(paragraph) for paragraph in paragraphs)
    stated = {"status": title.status, "consent": _consent(outline, doubts)}
    return {
        "id": make_slug(title.series, title.name),
        "name": title.name,
        "series": title.series,
        "description": description,
        "language": guess_language(f"{title.name}\n{description}"),
        "start": schedule.start,
        "end": schedule.end,
        "timezone": schedule.timezone,
        "display_times": schedule.display_times,
        "organizers": organizers,
        "performers": performers,
        "venue": _venue(outline, schedule),
        "attachments": links.attachments,
        "attachments_note": links.note,
        "needs_review": doubts.notes,
        # A default is left unset, so that a new import keeps the value of an earlier one.
        **{name: value for name, value in stated.items() if value not in _DEFAULTS},
    }


def _venue_hint(lines: tuple[Line, ...]) -> str:
    """Find the text of the venue, whose city gives the zone: the value of its label, else a line that is a place."""
    for place, line in enumerate(lines[:200]):
        label = read_label(line.text) if line.text else None
        if label and label.field == "venue":
            return label.rest or next((later.text for later in lines[place + 1 : place + 4] if later.text), "")
    return next((line.text for line in lines[:60] if is_place(line.text)), "")


def _venue(outline: Outline, schedule: Schedule) -> str | None:
    venues = list(dict.fromkeys(outline.venues))
    for cell in schedule.first.after.split("|"):
        label = read_label(cell.strip(" ,"))
        venues.extend([label.rest] if label and label.field == "venue" and label.rest else [])
    for piece in re.split(r"\s*[|,;]\s*", schedule.first.after):
        if not venues and is_platform(piece):
            venues.append(_HELD_ON.sub("", piece.strip(" .")))
    return "; ".join(venues) or None


def _consent(outline: Outline, doubts: Doubts) -> str:
    for line in (*outline.body_lines, *outline.links):
        if _NOT_RECORDED.search(line.text):
            return "do_not_record"
        if _CHATHAM.search(line.text):
            reason = "the event is under the Chatham House Rule; an operator must approve publishing a recording"
            doubts.add("recording", line, reason)
            return "ask"
    return "record"
