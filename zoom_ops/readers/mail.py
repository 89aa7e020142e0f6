"""E-mails (.eml) → events: of the calendar in one, else of its text. When a mail was sent is never when an event is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.message import EmailMessage, MIMEPart
from typing import cast

from ..announcements import Envelope, told_of
from ..errors import BadInputError
from ..events import ReviewNote, clean_line
from ..markup import MOST_CHARACTERS, html_lines
from ..phrases.dates import find_dates
from ..phrases.labels import read_label
from ..phrases.status import find_status_word
from ..phrases.subjects import strip_tags
from . import calendars, text
from .changing import told_changes
from .forwarding import Forwarded, cut_forwarded, doubt_above, first_day
from .naming import someone_named
from .read import Announced

FEWEST_WORDS = 3
MOST_PARTS = 200
MOST_BOUNDARIES = 20 * MOST_PARTS  # lines that may begin a part; with thousands of parts, parsing takes minutes
LONGEST_HEADER = 50_000  # bytes; the time to parse one grows with its square
DEEPEST = 5  # a mail in a mail in a mail…
_TOO_MANY = f"expected a mail of at most {MOST_PARTS} parts"
_CALENDARS = ("text/calendar", "application/ics")
_UNREADABLE = {
    "application/pkcs7-mime": "this mail is encrypted; open it, and save it without encryption",
    "application/x-pkcs7-mime": "this mail is encrypted; open it, and save it without encryption",
    "multipart/encrypted": "this mail is encrypted; open it, and save it without encryption",
    "multipart/report": "this mail reports what became of another one, and announces no event",
}


class _Policy(policy.EmailPolicy):
    """How headers are read: none that is too long."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if sum(map(len, sourcelines)) > LONGEST_HEADER:
            raise MessageError
        return super().header_source_parse(sourcelines)


_POLICY = cast("policy.EmailPolicy[EmailMessage]", _Policy())


@dataclass(frozen=True, kw_only=True)
class _Mail:
    """What a mail holds, decoded."""

    subject: str
    sender: str
    sent: date | None
    text: str
    calendars: tuple[bytes, ...]
    unread: tuple[str, ...]  # names of other attached files
    above: tuple[str, ...]  # the texts of the mails that carry it


def read(content: bytes, file: str, today: date | None = None) -> tuple[Announced, ...]:
    """Read the events of an e-mail on the day `today`. Raise BadInputError with what was expected."""
    if content.count(b"\n--") > MOST_BOUNDARIES:
        raise BadInputError(_TOO_MANY, file=file, line=1)
    try:
        mail = _decode(message_from_bytes(content, policy=_POLICY), file)
    except (RecursionError, MessageError) as error:
        raise BadInputError("this mail is damaged; save it again as .eml", file=file, line=1) from error
    if mail.calendars:
        read = calendars.read(b"\r\n".join(dict.fromkeys(mail.calendars)), f"{file} (calendar)")
        reason = "the mail carries a calendar, which was read instead of its text"
        read = tuple(each.noted(ReviewNote(field="description", reason=reason)) for each in read)
        return tuple(_placed(_doubted(each, mail), "calendar of the mail") for each in read)
    if not mail.text.strip():
        message = "this mail holds neither text nor a calendar; expected the text of an announcement"
        raise BadInputError(message, file=file, line=1)
    written = cut_forwarded(mail.text, mail.subject, mail.sent)
    announced = _read_text(replace(written, sender=written.sender or mail.sender), f"{file} (text)", today)
    announced = _doubted(announced, mail)
    for name in mail.unread:
        reason = f"the attached file {name!r} is not read; import it for itself"
        announced = announced.noted(ReviewNote(field="attachments", reason=reason))
    return (announced,)


def _decode(message: EmailMessage, file: str) -> _Mail:
    """Decode a mail; of one that carries another, that other."""
    above: list[str] = []
    for _ in range(DEEPEST):
        parts = list(_parts(message, file))
        inner = [part for part in parts if part.get_content_type() == "message/rfc822"]
        if len(inner) > 1:
            carried = f"this mail carries {len(inner)} others; import each for itself"
            raise BadInputError(carried, file=file, line=1)
        if not inner:
            break
        carried_mail = inner[0].get_content()
        if not isinstance(carried_mail, EmailMessage):
            break
        body = _body(message)
        above.extend([_text_of(body, file)] if body is not None else [])
        message = carried_mail
    else:
        raise BadInputError(f"expected at most {DEEPEST} mails, one inside the other", file=file, line=1)
    found = tuple(_bytes_of(part) for part in parts if _is_calendar(part))
    body = _body(message)
    try:
        written = _text_of(body, file) if body is not None else ""
    except BadInputError:
        if not found:
            raise
        written = ""
    names = (part.get_filename() for part in parts if part is not body and not _is_minor(part))
    return _Mail(
        subject=_header(message, "Subject"),
        sender=_header(message, "From"),
        sent=_day_of(message),
        text=written,
        calendars=found,
        unread=tuple(clean_line(name)[:80] for name in names if name),
        above=tuple(above),
    )


def _parts(message: EmailMessage, file: str) -> Iterator[MIMEPart]:
    """Yield the parts of a mail, and not those of a mail inside it."""
    waiting: list[MIMEPart] = [message]
    seen = 0
    while waiting:
        part = waiting.pop(0)
        kind, seen = part.get_content_type(), seen + 1
        if seen > MOST_PARTS:
            raise BadInputError(_TOO_MANY, file=file, line=1)
        if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects):
            raise BadInputError("this mail is cut off; save or download it again", file=file, line=1)
        if kind in _UNREADABLE:
            raise BadInputError(_UNREADABLE[kind], file=file, line=1)
        if kind != "message/rfc822" and part.is_multipart():
            waiting.extend(part.iter_parts())
        else:
            yield part


def _is_calendar(part: MIMEPart) -> bool:
    return part.get_content_type() in _CALENDARS or (part.get_filename() or "").lower().endswith(".ics")


def _is_minor(part: MIMEPart) -> bool:
    """Tell what nobody misses: calendars, which are read, logos, signatures of keys."""
    kind = part.get_content_type()
    return _is_calendar(part) or kind.startswith("image/") or kind.endswith("-signature")


def _body(message: EmailMessage) -> MIMEPart | None:
    """Find the text of a mail; the HTML where the plain text says nothing."""
    plain = message.get_body(("plain",))
    content = plain.get_payload(decode=True) if plain is not None else None
    if isinstance(content, bytes) and content.strip():
        return plain
    return message.get_body(("html",)) or plain


def _text_of(part: MIMEPart, file: str) -> str:
    try:
        content = str(part.get_content())
        if part.get_content_subtype() == "html":  # with the marks of its headings, one of which is the title
            return "\n".join(line for _, line in html_lines(content[:MOST_CHARACTERS]))
        return content
    except (LookupError, ValueError):
        charset = clean_line(str(part.get_content_charset()))[:40]
        advice = "save the mail as UTF-8, or paste its text"
        message = f"the text of this mail is in the charset {charset!r}, which is not known; {advice}"
        raise BadInputError(message, file=file, line=1) from None


def _bytes_of(part: MIMEPart) -> bytes:
    """Return a calendar as UTF-8, whatever charset it was sent in."""
    try:
        content = part.get_content()
    except (LookupError, ValueError):
        content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else str(content).encode("utf-8", "replace")


def _header(message: EmailMessage, name: str) -> str:
    """Return a decoded header; the parser of the standard library fails on some damaged ones."""
    try:
        return clean_line(str(message.get(name, "")))
    except Exception:  # whatever a damaged header leads to
        return ""


def _day_of(message: EmailMessage) -> date | None:
    """Return the day on which a mail was sent; None if its header does not say it."""
    return first_day(_header(message, "Date"))


def _read_text(mail: Forwarded, file: str, today: date | None) -> Announced:
    """Read the text of a mail. Its subject is the title where the text has none, and else a second opinion.

    The subject stands on line 1, and the text begins on line 3.
    """
    around = Envelope(subject=mail.subject, sender=mail.sender, sent=mail.sent, today=today)
    subject = strip_tags(mail.subject)
    try:
        (announced,) = text.read_written(f"\n\n{mail.text}", file, around)
    except BadInputError:
        if not subject:
            raise
        (announced,) = text.read_written(f"Title: {subject}\n\n{mail.text}", file, around)
        if not around.title:
            reason = "the title is taken from the subject of the mail"
            announced = announced.noted(ReviewNote(field="name", line=1, text=subject, reason=reason))
    name = announced.event.name
    if note := _doubt_status(mail.subject, announced):
        announced = announced.noted(note)
    label = read_label(next((each.text for each in announced.sources if each.field == "name"), ""))
    subject = around.title if around.asks or find_dates(subject, yearless=True) else subject
    if subject and not (label and label.field == "title") and not _agree(name, subject):
        reason = "the subject of the mail names something else; one of them is the title"
        choices = (name, subject)
        announced = announced.noted(ReviewNote(field="name", line=1, text=subject, reason=reason, choices=choices))
    return _placed(text.with_notes(announced, mail), "text of the mail")


def _doubted(announced: Announced, mail: _Mail) -> Announced:
    """Note what the mails say that carry this one. A calendar in a mail says nothing of the mail's subject."""
    notes = [note for each in mail.above for note in doubt_above(each.split("\n"))]
    if not mail.calendars:
        return announced.noted(*notes)
    status = _doubt_status(mail.subject, announced)
    notes += [status] if status else []
    said = {note.field for note in announced.event.needs_review}
    text_of = cut_forwarded(mail.text, mail.subject, mail.sent).text
    notes += (
        ReviewNote(field=field, reason=reason, choices=choices)
        for field, reason, choices in told_changes(text_of, announced.event.status)
    )
    if not announced.event.performers and "performers" not in said:
        named = someone_named("", text_of)
        notes += [ReviewNote(field="performers", reason=told_of(named))] if named else []
    return announced.noted(*notes)


def _doubt_status(subject: str, announced: Announced) -> ReviewNote | None:
    word = find_status_word(subject) or find_status_word(strip_tags(subject))
    if not word or announced.event.status != "scheduled":
        return None
    reason = f"the subject of the mail says {word!r}: is the event held?"
    return ReviewNote(field="start", line=1, text=subject[:500], reason=reason)


def _agree(name: str, subject: str) -> bool:
    """Tell whether a title and a subject are one, or one of some words stands in the other one."""
    title, said = sorted((" ".join(text.casefold().split()) for text in (name, subject)), key=len)
    bare = title.rpartition(": ")[2] if title not in said else title  # "Invitation: How waves travel"
    return title == said or (bare in said and len(bare.split()) >= FEWEST_WORDS)


def _placed(announced: Announced, where: str) -> Announced:
    sources = (replace(each, place=f"{where}, {each.place}") for each in announced.sources)
    return replace(announced, sources=tuple(sources))
