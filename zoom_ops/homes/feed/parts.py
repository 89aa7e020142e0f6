"""A calendar → calendars with the entries of one UID each."""

from collections.abc import Iterator

_LARGEST_HEAD = 200_000  # bytes of what stands before and between the entries; it is part of each calendar


def iter_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each UID with a calendar of its entries. An entry without one is on its own.

    A calendar that ends too early, or whose time zones are too large to repeat, yields none.
    """
    head: list[bytes] = []
    groups: dict[str, list[bytes]] = {}
    entry: list[bytes] | None = None
    for line in content.splitlines(keepends=True):
        bare = line.strip().upper()
        if bare == b"BEGIN:VEVENT" and entry is None:
            entry = []
        (head if entry is None else entry).append(line)
        if bare == b"END:VEVENT" and entry is not None:
            groups.setdefault(_uid_of(entry) or f"\n{len(groups)}", []).extend(entry)
            entry = None
    before = b"".join(line for line in head if line.strip().upper() != b"END:VCALENDAR")
    is_whole = content.rstrip().upper().endswith(b"END:VCALENDAR") and entry is None
    if len(before) > _LARGEST_HEAD or not is_whole:
        return
    for uid, lines in groups.items():
        yield "" if uid.startswith("\n") else uid, before + b"".join(lines) + b"END:VCALENDAR\r\n"


def _uid_of(entry: list[bytes]) -> str:
    text = b"".join(entry).replace(b"\r\n", b"\n").replace(b"\n ", b"").replace(b"\n\t", b"")
    for line in text.split(b"\n"):
        name, _, value = line.partition(b":")
        if name.partition(b";")[0].strip().upper() == b"UID":
            return value.decode("utf-8", "replace").strip()
    return ""
