"""A calendar → calendars with the entries of one UID each."""

from collections.abc import Iterator
from io import BytesIO

_LONGEST_SIGN = 100  # bytes of a line that begins or ends something, with blanks
_LARGEST_HEAD = 200_000  # bytes of what stands before and between the entries; it is part of each calendar


def iter_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each UID with a calendar of its entries. An entry without one is on its own.

    A calendar that ends too early, or whose time zones are too large to repeat, yields none.
    """
    head: list[bytes] = []
    before = end = 0
    groups: dict[str, list[slice]] = {}
    begin: int | None = None
    for line in _iter_lines(content):
        start, end = end, end + len(line)
        bare = line.strip().upper() if len(line) <= _LONGEST_SIGN else b""
        if bare == b"BEGIN:VEVENT" and begin is None:
            begin = start
        if begin is None and bare != b"END:VCALENDAR":
            head.append(line)
            before += len(line)
        if before > _LARGEST_HEAD:
            return
        if bare == b"END:VEVENT" and begin is not None:
            groups.setdefault(_uid_of(content[begin:end]) or f"\n{len(groups)}", []).append(slice(begin, end))
            begin = None
    if begin is not None or not content.rstrip()[-20:].upper().endswith(b"END:VCALENDAR"):
        return
    for uid, places in groups.items():
        entries = (content[place] for place in places)
        yield "" if uid.startswith("\n") else uid, b"".join((*head, *entries, b"END:VCALENDAR\r\n"))


def _iter_lines(content: bytes) -> Iterator[bytes]:
    """Yield the lines with their ends. Lines that end as on old computers are listed at once."""
    return iter(BytesIO(content)) if b"\n" in content else iter(content.splitlines(keepends=True))


def _uid_of(entry: bytes) -> str:
    found: list[bytes] = []
    for line in _iter_lines(entry):
        if line[:1] in (b" ", b"\t"):
            if found:
                found.append(line[1:].rstrip(b"\r\n"))
        elif found:
            break
        elif line[:3].upper() == b"UID" and line[3:4] in (b":", b";"):
            found.append(line.partition(b":")[2].rstrip(b"\r\n"))
    return b"".join(found).decode("utf-8", "replace").strip()
