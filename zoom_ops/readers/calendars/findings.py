"""What is found in an entry of a calendar: where its fields stand, what is doubtful, what is wrong."""

from dataclasses import dataclass, field

from ...errors import BadInputError
from ...events import ReviewNote
from ..read import LONGEST_QUOTE, Source
from .scan import Component, Property


@dataclass
class Findings:
    """The sources, notes and problems of one entry so far."""

    file: str
    notes: list[ReviewNote] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    problems: list[BadInputError] = field(default_factory=list)

    def copy(self) -> "Findings":
        """Return them for one of several events; what is wrong is wrong for all."""
        return Findings(file=self.file, notes=[*self.notes], sources=[*self.sources], problems=self.problems)

    def note(self, name: str, found: Property, reason: str, choices: tuple[str, ...] = ()) -> None:
        """Add a note that a field is uncertain because of a property."""
        text = found.text[:LONGEST_QUOTE]
        note = ReviewNote(field=name, line=found.line, text=text, reason=reason, choices=choices)
        if note not in self.notes:
            self.notes.append(note)

    def source(self, name: str, found: Property) -> None:
        """Add where a field stands."""
        place = f"line {found.line}"
        self.sources.append(Source(field=name, place=place, text=found.text[:LONGEST_QUOTE]))

    def refuse(self, line: int, message: str) -> None:
        """Add a problem, for which the file is refused."""
        self.problems.append(BadInputError(message, file=self.file, line=line))

    def only(self, component: Component, name: str) -> Property | None:
        """Find a property that may stand once."""
        found = component.all(name)
        for other in found[1:2]:
            self.refuse(other.line, f"{name} stands here and on line {found[0].line}; expected it once in an entry")
        return found[0] if found else None
