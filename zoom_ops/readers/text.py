"""The text of an announcement → its event."""

from dataclasses import replace
from datetime import date

from ..announcements import Envelope, decode, holds_address, parse_text
from ..events import ReviewNote
from .forwarding import Forwarded, open_pasted
from .read import LONGEST_QUOTE, Announced, Source


def read(content: bytes, file: str, today: date | None = None) -> tuple[Announced, ...]:
    """Read an announcement, or a mail that was copied with its headers, pasted on the day `today`.

    Raise BadInputError with the line where no event can be read.
    """
    mail = open_pasted(decode(content, file))
    around = Envelope(subject=mail.subject, sender=mail.sender, sent=mail.sent, today=today)
    (announced,) = read_written(mail.text, file, around)
    return (with_notes(announced, mail),)


_ADDRESS = "an e-mail address, a telephone number or a passcode stands here; every reader of the page would see it"


def with_notes(announced: Announced, mail: Forwarded) -> Announced:
    """Add what stands around a mail: its notes, that nothing is recorded; doubt an address that came from it."""
    if mail.refuses_recording:
        announced = replace(announced, event=announced.event.model_copy(update={"consent": "do_not_record"}))
    if mail.sender and holds_address(announced.event.description):
        announced = announced.noted(ReviewNote(field="description", reason=_ADDRESS))
    return announced.noted(*mail.notes)


def read_written(text: str, file: str, envelope: Envelope) -> tuple[Announced, ...]:
    """Read a text with what stands around it. Raise BadInputError with the line where no event can be read."""
    read = parse_text(text, file, envelope)
    sources = tuple(
        Source(field=field, place=f"line {line.number}", text=line.raw[:LONGEST_QUOTE]) for field, line in read.places
    )
    return (Announced(event=read.event, file=file, line=read.line, sources=sources),)
