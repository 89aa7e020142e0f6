"""The text of an announcement → its event."""

from ..announcements import decode, parse_text
from .read import Announced


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read an announcement. Raise BadInputError with the line where no event can be read."""
    event, line = parse_text(decode(content, file), file)
    return (Announced(event=event, file=file, line=line),)
