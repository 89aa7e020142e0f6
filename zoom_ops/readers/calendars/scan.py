"""The bytes of a calendar → its components, each property with the line on which it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...errors import BadInputError
from ..bounds import LONGEST_PROPERTY

DEEPEST = 5  # VCALENDAR, VEVENT, VALARM are three
MOST_PROPERTIES = 20_000  # of one component
MOST_IN_ALL = 200_000  # of one file; a home reads one of more entry by entry
LARGEST_COMPONENT = 2_000_000  # characters that are read, without the files within it that are not
_KEPT = 1_000  # bytes of such a file
_INLINE = re.compile(rb"ATTACH\b[^:]{0,900}(?:\b(?:BINARY|BASE64)\b|:data:)", re.IGNORECASE)
_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")  # RFC 5545, 3.1: name *(";" param) ":" value


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """A content line, unfolded."""

    name: str
    line: int
    text: str

    @property
    def value(self) -> str:
        """What stands after the last colon: the value of a date, a time, a word."""
        return self.text.rpartition(":")[2].strip()

    def parameter(self, name: str) -> str:
        """Return a parameter of a date or time; Outlook writes a zone with a colon in it, and without quotes."""
        for part in self.text.rpartition(":")[0].split(";")[1:]:
            key, _, value = part.partition("=")
            if key.strip().upper() == name:
                return value.strip().strip('"')
        return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """A component, such as VEVENT, with the line of its BEGIN."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def all(self, *names: str) -> list[Property]:
        """List the properties with one of the names, in the order of the file."""
        return [each for each in self.properties if each.name in names]

    def first(self, name: str) -> Property | None:
        """Find the first property of a name."""
        return next(iter(self.all(name)), None)

    def write(self) -> str:
        """Write the component as the library reads it: unfolded."""
        inner = [*(each.text for each in self.properties), *(part.write().rstrip("\r\n") for part in self.parts)]
        return "\r\n".join((f"BEGIN:{self.name}", *inner, f"END:{self.name}", ""))


def scan(content: bytes, file: str) -> tuple[Component, ...]:
    """Read the calendars of a file. Raise BadInputError where one is cut off or is not written as a calendar is."""
    root = Component(name="", line=1)
    opened = [root]
    sizes = [0]  # characters of each
    count = 0
    for line, text in _unfold(content, file):
        name = _name_of(text, opened, file, line)
        if name == "BEGIN":
            component = Component(name=text.partition(":")[2].strip().upper(), line=line)
            opened[-1].parts.append(component)
            opened.append(component)
            sizes.append(0)
            if len(opened) > DEEPEST + 1:
                message = f"expected at most {DEEPEST} components, one inside the other"
                raise BadInputError(message, file=file, line=line)
        elif name == "END":
            ended = text.partition(":")[2].strip().upper()
            if ended != opened[-1].name:
                message = f"found END:{ended[:40]} where {_open(opened[-1])} is open; the calendar is damaged"
                raise BadInputError(message, file=file, line=line)
            opened.pop()
            sizes.pop()
        else:
            opened[-1].properties.append(Property(name=name, line=line, text=text))
            count += 1
            sizes[-1] += len(text)
            if count > MOST_IN_ALL:
                message = f"expected at most {MOST_IN_ALL:,} properties in one calendar; export fewer months"
                raise BadInputError(message, file=file, line=line)
            if len(opened[-1].properties) > MOST_PROPERTIES:
                message = f"expected at most {MOST_PROPERTIES:,} properties in {_open(opened[-1])}"
                raise BadInputError(message, file=file, line=line)
            if sizes[-1] > LARGEST_COMPONENT:
                message = f"expected at most {LARGEST_COMPONENT:,} characters in {_open(opened[-1])}"
                raise BadInputError(message, file=file, line=line)
    if len(opened) > 1:
        message = f"the file ends inside {_open(opened[-1])}: it is cut off. Export or download the calendar again"
        raise BadInputError(message, file=file, line=opened[-1].line)
    return tuple(root.parts)


def _open(component: Component) -> str:
    return f"the {component.name} of line {component.line}"


def _name_of(text: str, opened: list[Component], file: str, line: int) -> str:
    match = _NAME.match(text)
    name = match[1].upper() if match else ""
    if len(opened) == 1 and text.upper().strip() != "BEGIN:VCALENDAR":
        raise BadInputError(f"expected BEGIN:VCALENDAR, found {text[:40]!r}", file=file, line=line)
    if not name or (name == "END" and len(opened) == 1):
        message = f"expected a property such as SUMMARY:Title, found {text[:40]!r}; a longer text goes on after a space"
        raise BadInputError(message, file=file, line=line)
    return name


def _unfold(content: bytes, file: str) -> Iterator[tuple[int, str]]:
    """Yield the content lines, each with its number. They are joined before they are decoded.

    A program may fold between the bytes of one letter (RFC 5545, 3.1).
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    ending = b"\n" if b"\n" in content else b"\r"
    begins, pieces, size = 1, [b""], 0
    for number, row in enumerate(_iter_rows(content, ending), 1):
        row = row.rstrip(b"\r")
        if row[:1] in (b" ", b"\t") and pieces != [b""]:
            if size <= LONGEST_PROPERTY:  # else it is refused, or is cut anyway
                pieces.append(row[1:])
                size += len(row) - 1
            continue
        if any(pieces):
            yield begins, _decode(b"".join(pieces), file, begins)
        begins, pieces, size = number, [row if row.strip() else b""], len(row)
    if any(pieces):
        yield begins, _decode(b"".join(pieces), file, begins)


def _iter_rows(content: bytes, ending: bytes) -> Iterator[bytes]:
    """Yield what `split` lists, row by row: all rows at once take many times the memory of the file.

    Of a row that is longer than a property may be, its beginning.
    """
    start = 0
    while (end := content.find(ending, start)) >= 0:
        yield content[start : min(end, start + LONGEST_PROPERTY + 1)]
        start = end + 1
    yield content[start : start + LONGEST_PROPERTY + 1]


def _decode(row: bytes, file: str, line: int) -> str:
    is_long = len(row) > LONGEST_PROPERTY
    if is_long and row[:6].upper() != b"ATTACH":
        message = f"expected at most {LONGEST_PROPERTY:,} bytes in a property"
        raise BadInputError(message, file=file, line=line)
    if is_long or _INLINE.match(row):
        row = row[:_KEPT]
    try:
        return row.decode()
    except UnicodeDecodeError as error:
        found = f"byte {row[error.start]:#04x} is not"
        message = f"expected UTF-8 text; {found}. Save or export the calendar as UTF-8"
        raise BadInputError(message, file=file, line=line) from None
