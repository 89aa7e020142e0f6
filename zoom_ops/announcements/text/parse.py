"""The parser: announcement text → event, with the line that says each field."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from ...errors import BadInputError
from ...events import Event, make_slug
from ...phrases.changes import change_said, doubt_of_change, title_says, unsure_of
from ...phrases.join_links import IN_A_TEXT, LEFT_OUT, find_join_link
from ...phrases.labels import read_label
from ...phrases.language import guess_language
from ...phrases.recording import NOT_RECORDED, forbids_recording, may_refuse_recording
from ...phrases.roles import is_body
from ...phrases.status import status_said
from ...phrases.words import fold, word_list, words_of
from ...zones import as_choice
from ..doubts import Doubts
from ..letters import LEFT_OUT as NOT_FOR_ALL
from ..letters import Envelope, contacts_in, is_for_operators, read_letter, split_sentences, take_addresses
from ..lines import Line, read_lines
from ..when import Frame, Schedule, read_schedule
from ..who.mentions import names_anyone, names_in_prose, told_of
from ..who.speakers import read_performers
from .head import head_of
from .links import is_members_note, read_links
from .organizers import invites, read_organizers
from .outline import Outline, read_outline
from .requests import take_letter
from .shapes import is_place, is_platform
from .titles import Title, read_title
from .wrapping import join_wrapped

MOST_CHARACTERS = 400_000
MOST_LINES = 1_500
_HELD_ON = ("held", "hosted", "on", "via", "by", "sur", "par", "por")
_ORGANIZED = ("organ", "co-organ", "sponsor", "jointly", "in ", "en ")  # by a body, seldom by a person
_REPEATS = word_list("repeats")
_DEFAULTS = ("scheduled", "record")  # status and consent of a text that mentions neither


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """The event of a text, the line on which it begins, and the line that says each field or part of one."""

    event: Event
    line: int
    places: tuple[tuple[str, Line], ...]


def parse_text(text: str, file: str, envelope: Envelope = Envelope()) -> Announcement:  # noqa: B008 - frozen
    """Read an announcement, or a letter that asks for an event; `envelope`: what stands around it.

    Raise BadInputError with the line where no event can be read.
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
    letter = read_letter(join_wrapped(lines, ()), envelope, doubts)
    contacts = contacts_in(envelope.sender, lines if letter.is_letter else ())
    lines = letter.lines if letter.is_letter else lines
    head = head_of(lines)
    frame = Frame(head=head, asked=letter.asked, sent=envelope.sent, today=envelope.today)
    schedule = read_schedule(letter.timed if letter.is_letter else lines, frame, _venue_hint(lines, head), file, doubts)
    apart = schedule.numbers - letter.asked
    outline = read_outline(join_wrapped(lines, apart), head, apart, doubts)
    if letter.is_letter:
        take_letter(outline, letter, contacts, doubts)
    try:
        read = _announcement(outline, schedule, letter.consent, file, begins, doubts)
        return replace(read, event=take_addresses(read.event, contacts))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInputError(f"{where}: {first['msg']}", file=file, line=begins) from error


def _announcement(
    outline: Outline, schedule: Schedule, wished: str, file: str, begins: int, doubts: Doubts
) -> Announcement:
    title = read_title(outline, schedule.first, file, begins, doubts)
    if not outline.organizers:
        told = ((line, invites(line.text)) for line in (*schedule.prose, *outline.body_lines))
        outline.organizers = [(line, who) for line, who in told if who and is_body(who)][:1]
        for line, _ in outline.organizers:
            doubts.add("organizers", line, "the organizers are taken from a sentence of the description")
    organizers = read_organizers(outline.organizers, doubts)
    performers = read_performers(outline.people, doubts)
    restricting = [line for line in outline.body_lines if is_members_note(line.text)]
    links = read_links([*outline.links, *restricting], doubts, outline.links_note)
    if links.unclear:
        advice = "an operator must approve publishing the recording"
        doubts.add("recording", links.unclear, f"the note does not say which entries are for members; {advice}")
    left_over = (*title.left_over, *schedule.prose)
    hosts = [line for line, _ in outline.organizers]  # "Presented by Ada Lovelace"
    bodies = [line for line in hosts if not (performers and fold(line.text).startswith(_ORGANIZED))]
    beside = [replace(when.line, text=text) for when in schedule.lines for text in (when.before, when.after) if text]
    unled = [line for line in outline.rivals if not names_anyone(line.text, anywhere=False)]
    by_name = ((line, names_anyone(line.text, anywhere=True)) for line in unled)
    heads = {line.number: replace(line, text=f"by {lead}") for line, lead in by_name if lead}  # "Compère Bob Ray"
    named = [heads.get(line.number, line) for line in (*left_over, *outline.body_lines, *bodies, *beside)]
    _doubt_prose(named, [person.name for person in performers], title, doubts)
    _doubt_start(outline, schedule, title, doubts)
    paragraphs = ["\n".join(each) for each in (*([line.raw] for line in left_over), *outline.body)]
    if outline.is_letter:
        paragraphs = _for_all(paragraphs, named, doubts)
    description = "\n\n".join(paragraphs)
    venues = [*outline.venues, *_venue_beside_time(schedule, has_venue=bool(outline.venues))]
    stated = {"status": title.status, "consent": wished or _consent((*named, *outline.links, *venues), doubts)}
    for line in (elsewhere := [line for line in venues if find_join_link(line.text)]):
        doubts.add("venue", line, LEFT_OUT)
    venues = [line for line in venues if line not in elsewhere]
    event = Event.model_validate(
        {
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
            "venue": "; ".join(dict.fromkeys(line.text for line in venues)) or None,
            "attachments": links.attachments,
            "attachments_note": links.note,
            "needs_review": doubts.notes,
            # A default is left unset, so that a new import keeps the value of an earlier one.
            **{name: value for name, value in stated.items() if value not in _DEFAULTS},
        }
    )
    return Announcement(event=event, line=begins, places=tuple(_places(event, title, schedule, outline, venues)))


def _for_all(paragraphs: Sequence[str], lines: Sequence[Line], doubts: Doubts) -> list[str]:
    """Leave out of a letter's description what is for the operator alone."""
    for paragraph in filter(is_for_operators, paragraphs):
        line = next((each for each in lines if each.raw and each.raw in paragraph), None)
        doubts.add("description", replace(line, raw=paragraph) if line else None, NOT_FOR_ALL)
    return [each for each in paragraphs if not is_for_operators(each)]


def _places(
    event: Event, title: Title, schedule: Schedule, outline: Outline, venues: Sequence[Line]
) -> Iterator[tuple[str, Line]]:
    """List the line of each field; of several lines the first, for people and entries that which has their name."""
    said: list[tuple[str, Line | None]] = [("name", title.line), ("series", title.series_line)]
    said += [(name, schedule.first.line) for name in ("start", "end", "timezone")]
    said += [("venue", line) for line in venues[:1]]
    said += [("description", line) for line in (*title.left_over, *schedule.prose, *outline.body_lines)[:1]]
    people = [(entry.text, entry.line) for entry in outline.people]
    below = [(line.text, line) for line in outline.body_lines]
    organizers = [*((text, line) for line, text in outline.organizers), *below]
    links = [*((line.text, line) for line in outline.links), *below]
    for key, texts, names in (
        ("performers", people, [person.name for person in event.performers]),
        ("organizers", organizers, [each.name for each in event.organizers]),
        ("attachments", links, [each.url or each.title for each in event.attachments]),
    ):
        for place, name in enumerate(names):
            said.append((f"{key}.{place}", next((line for text, line in texts if name in text), None)))
    yield from ((field, line) for field, line in said if line)


def _doubt_start(outline: Outline, schedule: Schedule, title: Title, doubts: Doubts) -> None:
    """Doubt the start where the event is said to be moved, to be one of several, or to be in another year."""
    for line in outline.lines:
        word = "" if line.subject else change_said(line.text)
        if title.line and line.number == title.line.number:
            word = title_says(title.name) or status_said(line.text)[1]
        if word and (status_said(line.text)[0] != title.status or line.number in schedule.numbers):
            doubts.add("start", line, doubt_of_change(word))
            doubts.add("status", line, doubt_of_change(word), unsure_of(title.status))
        said = [] if line.number not in schedule.numbers else words_of(line.text)
        if any(word in said or (word[0] > "\u3000" and word in "".join(said)) for word in _REPEATS):
            doubts.add("start", line, "several dates seem to be meant; the first is taken, write one event per day")
    days = {when.line.number: {found.day for found in when.dates} - {schedule.start.date()} for when in schedule.lines}
    for line in outline.body_lines:
        dated = days.get(line.number + 1) or days.get(line.number + 2)
        if dated and len(line.text) <= 100 and not read_label(line.text):
            doubts.add("name", line, "another event seems to begin here", (title.name, line.text))
            doubts.add("performers", line, "another event seems to begin here, and may have speakers of its own")
    start = schedule.start.replace(tzinfo=None)
    for line in filter(None, (title.line, title.series_line)):
        years = {int(word) for word in words_of(line.text) if word.isdecimal() and len(word) == 4}
        other = next((year for year in (start.year - 1, start.year + 1) if year in years - {start.year}), None)
        if other and start.year not in years and line.number not in schedule.numbers:
            choices = (as_choice(start), f"{other}{as_choice(start)[4:]}")
            doubts.add("start", line, f"the year {other} stands here, and {start.year} with the date", choices)


def _doubt_prose(lines: Sequence[Line], known: list[str], title: Title, doubts: Doubts) -> None:
    """Doubt the speakers where the text names people who are not among them; without any speaker, a name anywhere."""
    parts = {part for name in known for part in words_of(name) if len(part) > 2}
    of_title = (*([] if known else names_in_prose(title.name)), names_anyone(title.name, anywhere=False))
    told = [(title.line, name) for name in of_title if title.line]
    for line in lines:
        told += [(line, name) for name in (*names_in_prose(line.text), names_anyone(line.text, anywhere=False))]
        if find_join_link(line.text):
            doubts.add("description", line, IN_A_TEXT)
    strangers = {line: name for line, name in reversed(told) if name and parts.isdisjoint(words_of(name))}
    lead, colon, _ = title.name.partition(": ")  # "Ada Lovelace: How waves travel"
    _, _, tail = title.name.partition(" – ")
    for source, text in ((title.line, colon and f"by {lead}"), (title.line, tail), (title.series_line, title.series)):
        if source and text and not known and (name := names_anyone(text, anywhere=True)):
            strangers.setdefault(source, name)
    if not known and not strangers:
        strangers = dict([(line, name) for line in lines if (name := names_anyone(line.text, anywhere=True))][:1])
    for line, name in reversed(strangers.items()):
        doubts.add("performers", line, told_of(name))


def _venue_hint(lines: Sequence[Line], head: frozenset[int]) -> str:
    """Find the text of the venue, whose city gives the zone: the value of its label, else a line that is a place."""
    for place, line in enumerate(lines[:200]):
        label = read_label(line.text) if line.text else None
        if label and label.field == "venue":
            return label.rest or next((later.text for later in lines[place + 1 : place + 4] if later.text), "")
    return next((line.text for line in lines[:60] if line.number in head and is_place(line.text)), "")


def _venue_beside_time(schedule: Schedule, *, has_venue: bool) -> Iterator[Line]:
    """Find the venue behind the time: "| Venue: Room 4", or "| Zoom"."""
    first = schedule.first
    for cell in first.after.split("|"):
        label = read_label(cell.strip(" ,"))
        if label and label.field == "venue" and label.rest:
            yield replace(first.line, text=label.rest)
            has_venue = True
    pieces = first.after.replace("|", ",").replace(";", ",").split(",")
    for piece in () if has_venue else pieces:
        if is_platform(piece.strip()):
            words = piece.strip(" .").split()
            while words and words[0].casefold() in _HELD_ON:
                words.pop(0)
            yield replace(first.line, text=" ".join(words))
            return


def _consent(lines: Iterable[Line], doubts: Doubts) -> str:
    for line in lines:
        if forbids_recording(line.text):
            return "do_not_record"
        if "chatham house rule" in line.text.casefold():
            reason = "the event is under the Chatham House Rule; an operator must approve publishing a recording"
            doubts.add("recording", line, reason)
            return "ask"
        if refusal := next((each for each in split_sentences(line.text[:4_000]) if may_refuse_recording(each)), ""):
            doubts.add("recording", replace(line, raw=refusal), NOT_RECORDED)
            return "do_not_record"
    return "record"
