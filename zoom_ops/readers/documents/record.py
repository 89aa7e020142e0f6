"""One event of a file on its way into the event model: its values there, and where the file says them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from ...errors import BadInputError, shorten
from ...events import ReviewNote
from ...explain import MOST_MISTAKES
from ..read import LONGEST_QUOTE, PictureAt, Source
from .keys import fold_key
from .moments import shown
from .trees import Path, Tree

LONGEST_KEY = 100  # characters that a message shows


@dataclass(kw_only=True)
class Record:
    """The values of one event. `written` maps each place in the model to the one in the file that says it."""

    tree: Tree
    path: Path
    file: str
    values: dict[str, Any] = field(default_factory=dict)
    written: dict[Path, Path] = field(default_factory=dict)
    problems: list[BadInputError] = field(default_factory=list)
    notes: list[ReviewNote] = field(default_factory=list)
    pictures: list[PictureAt] = field(default_factory=list)
    also: list[tuple[str, Path]] = field(default_factory=list)  # more places of a field
    is_ours: bool = False  # we wrote the file, and its notes say what is unsure

    def place(self, place: Path) -> Path:
        """Return the place in the file that says a place in the model, relative to the event."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.written:
                return (*self.written[place[:length]], *place[length:])
        return place

    def line(self, written: Path) -> int:
        """Return the line of a place in the file."""
        return self.tree.line((*self.path, *written))

    def refuse(self, written: Path, sentence: str, *, expected: str | None = None) -> None:
        """Add a mistake at a place in the file."""
        where = ".".join(str(part + 1) if isinstance(part, int) else shorten(part, LONGEST_KEY) for part in written)
        problem = BadInputError(f"{where}: {sentence}" if where else sentence, file=self.file, line=self.line(written))
        problem.field, problem.found, problem.expected = where or None, self._found(written), expected
        self.problems.append(problem)

    def doubt(self, name: str, written: Path, text: str, reason: str, choices: tuple[str, ...] = ()) -> None:
        """Add a review note about a field; without a text it quotes what stands there."""
        line, text = self.line(written), text or self._quote(written)
        self.notes.append(ReviewNote(field=name, line=line, text=text[:LONGEST_QUOTE], reason=reason, choices=choices))

    def sources(self) -> Iterator[Source]:
        """Yield where the file says each field, in the order of the file."""
        found = [
            (".".join(map(str, place)), written)
            for place, written in self.written.items()
            if len(place) <= 2 and place[0] not in _NOT_SHOWN and place not in _LISTS
        ]
        for name, written in sorted(dict.fromkeys((*found, *self.also)), key=lambda entry: self.line(entry[1])):
            yield Source(field=name, place=f"line {self.line(written)}", text=self._quote(written))

    def _found(self, written: Path) -> str | None:
        """Show the value at a place; None for the whole event, and for what is missing."""
        try:
            return shown(self._value(written)) if written else None
        except (KeyError, IndexError, TypeError):
            return None

    def _value(self, written: Path) -> Any:
        value: Any = self.tree.value
        for step in (*self.path, *written):
            value = value[step]
        return value

    def _quote(self, written: Path) -> str:
        value = self._value(written)
        quoted = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return quoted[:LONGEST_QUOTE]


_LISTS = (("performers",), ("organizers",), ("attachments",), ("display_times",))  # each entry has its own source
_NOT_SHOWN = ("duration", "needs_review")


def take_keys(
    record: Record, given: Mapping[str, Any], table: Mapping[str, str], at: Path, advice: Mapping[str, str]
) -> dict[str, list[str]]:
    """Group the keys of a mapping by what they mean. Refuse those that mean nothing."""
    keys: dict[str, list[str]] = {}
    for key in given:
        if len(record.problems) > MOST_MISTAKES:  # each is compared with all that are known
            break
        folded = fold_key(key)
        if meaning := table.get(folded):
            keys.setdefault(meaning, []).append(key)
            continue
        if folded in advice:
            record.refuse((*at, key), f"an event has no such key; {advice[folded]}")
        else:
            near = get_close_matches(folded[:LONGEST_KEY], table, n=1, cutoff=0.6)
            if near:
                hint = f"did you mean {table[near[0]]!r}?"
            else:
                hint = "" if at else "leave it out, or write it into the description"
            record.refuse((*at, key), f"this key is not known; {hint}" if hint else "this key is not known")
    return keys


def take_one(record: Record, given: Mapping[str, Any], keys: list[str], at: Path) -> tuple[Any, Path]:
    """Return the value that one or several keys say, and its place. Refuse keys that say it differently."""
    first = keys[0]
    for other in keys[1:]:
        if given[other] != given[first]:
            record.refuse((*at, other), f"{first!r} says the same differently: keep one of them")
    return given[first], (*at, first)
