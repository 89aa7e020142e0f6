"""A calendar → calendars with the entries of one UID each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from ...readers import LONGEST_PROPERTY

_LONGEST_SIGN = 100  # bytes of a line that begins or ends something, with blanks
_LARGEST_HEAD = 200_000  # bytes of what stands before and between the entries; it is part of each calendar
_LONGEST_LINE = LONGEST_PROPERTY + 1  # bytes that are taken of a line: so its reader sees that it is too long
_END = 10_000  # bytes in which the calendar ends, with blank lines
_UID = (b"UID:", b"UID;")


@dataclass
class _Entry:
    """An entry, as places of the calendar: the last one goes on from `begin`."""

    begin: int
    places: list[slice] = field(default_factory=list)
    uid: int | None = None  # where its UID begins

    def add(self, start: int, line: bytes, end: int) -> None:
        """Add a line, of which `line` is taken."""
        if self.uid is None and line[:4].upper() in _UID:
            self.uid = start
        if end - start > len(line):
            self.places.append(slice(self.begin, start + len(line)))
            self.begin = end - 1  # the end of the line


def iter_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each UID with a calendar of its entries. An entry without one is on its own.

    Of a line that is too long to be read, a part has the beginning. A calendar that ends too early, or whose time zones
    are too large to repeat, yields none.
    """
    content = content if b"\n" in content else content.replace(b"\r", b"\n")  # lines that end as on old computers
    head: list[bytes] = []
    before = 0
    groups: dict[str, list[slice]] = {}
    entry: _Entry | None = None
    for start, line, end in _iter_lines(content):
        bare = line.strip().upper() if len(line) <= _LONGEST_SIGN else b""
        if entry is None and bare == b"BEGIN:VEVENT":
            entry = _Entry(start)
        if entry is not None:
            entry.add(start, line, end)
            if bare == b"END:VEVENT":
                uid = _uid_of(content, entry.uid, end) or f"\n{len(groups)}"
                groups.setdefault(uid, []).extend((*entry.places, slice(entry.begin, end)))
                entry = None
        elif bare != b"END:VCALENDAR":
            head.append(line)
            before += len(line)
            if before > _LARGEST_HEAD:
                return
    if entry is None and content[-_END:].rstrip().upper().endswith(b"END:VCALENDAR"):
        view = memoryview(content)  # its slices are no copies
        for uid, places in groups.items():
            entries = (view[place] for place in places)
            yield "" if uid.startswith("\n") else uid, b"".join((*head, *entries, b"END:VCALENDAR\r\n"))


def _iter_lines(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield where each line begins, what is taken of it with its end, and where it ends."""
    stream, end = BytesIO(content), 0
    while line := stream.readline(_LONGEST_LINE):
        start, end = end, end + len(line)
        if not line.endswith(b"\n"):
            end = content.find(b"\n", end) + 1 or len(content)
            stream.seek(end)
        yield start, line, end


def _uid_of(content: bytes, begin: int | None, end: int) -> str:
    """Return the UID that begins there, with the lines on which it goes on; empty for none."""
    if begin is None:
        return ""
    first, *others = BytesIO(content[begin : min(end, begin + _LONGEST_LINE)])
    found = [first.partition(b":")[2].rstrip(b"\r\n")]
    for line in others:
        if line[:1] not in (b" ", b"\t"):
            break
        found.append(line[1:].rstrip(b"\r\n"))
    return b"".join(found).decode("utf-8", "replace").strip()
