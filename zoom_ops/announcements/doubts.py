"""The doubts of a parser: notes for an operator, each with the line that caused it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from ..events import ReviewNote
from .lines import Line


@dataclass
class Doubts:
    """The review notes so far, without duplicates."""

    _notes: dict[tuple[str, int | None, str, str], ReviewNote] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[ReviewNote, ...]:
        """The notes in the order they were added."""
        return tuple(self._notes.values())

    def add(self, name: str, line: Line | None, reason: str, choices: tuple[str, ...] = ()) -> None:
        """Add a note that a field is uncertain because of a line, with the values that it may have."""
        number, text = (line.number, line.raw[:500]) if line else (None, "")
        note = ReviewNote(field=name, line=number, text=text, reason=reason, choices=choices)
        self._notes.setdefault((name, number, reason, text), note)


def spoken(moment: datetime) -> str:
    """Render an instant in UTC for the reason of a note."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
