"""The lines of an iCalendar file (RFC 5545), so that one is changed and every other stays byte for byte."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Self

_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)')
_LONGEST = 75  # bytes of a line before it is folded (3.1)
_ENCODED = {"^^": "^", "^'": '"', "^n": "\n"}  # RFC 6868


@dataclass(frozen=True, kw_only=True)
class Line:
    """A content line. `raw` are its bytes in the file, folds and line end included."""

    raw: bytes
    text: str  # unfolded
    event: int | None = None  # the number of the VEVENT in which it stands directly
    opens: bool = False  # BEGIN or END of that VEVENT

    @property
    def name(self) -> str:
        """Its name, in capitals."""
        match = _NAME.match(self.text)
        return match[0].upper() if match else ""

    @property
    def parameters(self) -> Mapping[str, str]:
        """Its parameters, decoded, by name in capitals."""
        found, place = dict[str, str](), len(self.name)
        while match := _PARAMETER.match(self.text, place):
            found[match[1].upper()] = re.sub(r"\^[\^'n]", lambda code: _ENCODED[code[0]], match[2].strip('"'))
            place = match.end()
        return found

    @property
    def value(self) -> str:
        """Its value, as written."""
        place = len(self.name)
        while match := _PARAMETER.match(self.text, place):
            place = match.end()
        return self.text[place + 1 :]

    @classmethod
    def build(cls, name: str, value: str, parameters: Mapping[str, str], event: int) -> Self:
        """Build a line of an event."""
        written = "".join(f';{key}="{_encode(text)}"' for key, text in parameters.items())
        text = f"{name}{written}:{value}"
        return cls(raw=_fold(text), text=text, event=event)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A calendar file, by its lines."""

    lines: tuple[Line, ...]

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read the lines of a file. It never fails: whether it is a calendar is for its reader to say."""
        numbers, stack, current, lines = count(), list[str](), None, list[Line]()
        for raw in _unfold(content):
            text = (
                raw.replace(b"\r", b"")
                .replace(b"\n ", b"")
                .replace(b"\n\t", b"")
                .decode("utf-8", "replace")
                .strip("\n")
            )
            word = text.strip().upper()
            if word.startswith("BEGIN:"):
                stack.append(word[6:])
                current = next(numbers) if stack[1:] == ["VEVENT"] else current
            is_direct = stack[1:] == ["VEVENT"]
            lines.append(
                Line(
                    raw=raw, text=text, event=current if is_direct else None,
                    opens=is_direct and word.startswith(("BEGIN:", "END:")),
                )
            )  # fmt: skip
            if word.startswith("END:") and stack:
                stack.pop()
        return cls(lines=tuple(lines))

    def __bytes__(self) -> bytes:
        return b"".join(line.raw for line in self.lines)

    @property
    def events(self) -> range:
        """The numbers of its events."""
        return range(max((line.event for line in self.lines if line.event is not None), default=-1) + 1)

    def of(self, event: int) -> tuple[Line, ...]:
        """Return the properties of an event."""
        return tuple(line for line in self.lines if line.event == event and not line.opens)

    def only(self, event: int) -> "Calendar":
        """Return the calendar without its other events."""
        kept, inside = list[Line](), False
        for line in self.lines:
            inside = line.event not in (None, event) if line.event is not None else inside
            if not inside:
                kept.append(line)
            if line.opens and line.text.strip().upper() == "END:VEVENT":
                inside = False
        return Calendar(lines=tuple(kept))

    def without(self, lines: Iterable[Line]) -> "Calendar":
        """Return the calendar without some of its lines."""
        dropped = {id(line) for line in lines}
        return Calendar(lines=tuple(line for line in self.lines if id(line) not in dropped))

    def put(self, line: Line, instead: Line | None = None) -> "Calendar":
        """Return the calendar with a line of an event in the place of another, or at the end of the event."""
        lines = list(self.lines)
        if instead is not None:
            place = next(number for number, each in enumerate(lines) if each is instead)
            lines[place] = line
        else:
            place = max(number for number, each in enumerate(lines) if each.event == line.event)
            lines.insert(place, line)
        return Calendar(lines=tuple(lines))


def _unfold(content: bytes) -> Iterator[bytes]:
    """Yield the content lines with their folds."""
    pieces: list[bytes] = []
    for row in content.splitlines(keepends=True) if b"\n" not in content else _rows(content):
        if row[:1] in (b" ", b"\t") and pieces:
            pieces.append(row)
            continue
        if pieces:
            yield b"".join(pieces)
        pieces = [row]
    if pieces:
        yield b"".join(pieces)


def _rows(content: bytes) -> Iterator[bytes]:
    for row in content.split(b"\n")[:-1]:
        yield row + b"\n"
    if rest := content.rpartition(b"\n")[2]:
        yield rest


def _fold(text: str) -> bytes:
    """Fold a line between its letters."""
    rows, row = [], b""
    for letter in text:
        encoded = letter.encode("utf-8", "replace")
        if len(row) + len(encoded) > _LONGEST:
            rows.append(row)
            row = b" "
        row += encoded
    return b"\r\n".join((*rows, row)) + b"\r\n"


def _encode(text: str) -> str:
    kept = "".join(letter for letter in text if letter == "\n" or (letter >= " " and letter != "\x7f"))
    return kept.replace("^", "^^").replace('"', "^'").replace("\n", "^n")
