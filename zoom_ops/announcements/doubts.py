"""The doubts found while reading: notes for an operator, each with the line it stems from."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from zoom_ops.announcements.lines import Line
from zoom_ops.events import ReviewNote


@dataclass
class Doubts:
    """The review notes so far, each once."""

    notes: list[ReviewNote] = field(default_factory=list)

    def add(self, name: str, line: Line | None, reason: str) -> None:
        """Note that a field is uncertain, because of a line."""
        text = line.raw[:500] if line else ""
        note = ReviewNote(field=name, line=line.number if line else None, text=text, reason=reason)
        if note not in self.notes:
            self.notes.append(note)


def spoken(moment: datetime) -> str:
    """Say an instant in UTC, for the reason of a note."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
