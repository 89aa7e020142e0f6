"""The text of an announcement → its event."""

from ..announcements import decode, parse_text
from .read import LONGEST_QUOTE, Announced, Source


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read an announcement. Raise BadInputError with the line where no event can be read."""
    read = parse_text(decode(content, file), file)
    sources = tuple(
        Source(field=field, place=f"line {line.number}", text=line.raw[:LONGEST_QUOTE]) for field, line in read.places
    )
    return (Announced(event=read.event, file=file, line=read.line, sources=sources),)
