"""Read the events of a file in any format that is known."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any, Literal, cast

from ..announcements import refuse
from ..errors import BadInputError
from ..events.maxima import find_beyond
from .addresses import note_private
from .bounds import bounded, check_size, without_sources
from .read import MOST_EVENTS, Announced, Reader
from .recognising import Format, recognise

_SOMETHING = re.compile(rb"[^ \t\r\n\0\xef\xbb\xbf]")
_OF_TODAY = ("text", "mail")  # in which people write dates without a year


def read_events(
    content: bytes,
    file: str,
    *,
    profile: str | None = None,
    account: str | None = None,
    recording_visibility: Literal["public", "members"] | None = None,
    today: date | None = None,
) -> tuple[Announced, ...]:
    """Read the events of a file, whose content tells the format.

    A given profile or account replaces that of the file. A given recording visibility decides who may see the
    recordings, so the review note about them is dropped. `today`: the day on which somebody reads the file who sees
    what is read before it counts: a date without a year may then be the next such day, in doubt. Raises BadInputError
    with the place and the expected form.
    """
    given = {name: value for name, value in (("profile", profile), ("account", account)) if value is not None}
    announced = []
    found = _read(content, file, today)
    refuse([problem for each in found for problem in _too_much_in(each)])
    for each in found:
        update: dict[str, Any] = dict(given)
        if recording_visibility is not None:
            shown = {"visibility": recording_visibility}
            update["attachments"] = tuple(
                entry.model_copy(update=shown) if entry.kind == "recording" else entry
                for entry in each.event.attachments
            )
            update["needs_review"] = tuple(note for note in each.event.needs_review if note.field != "recording")
        announced.append(replace(each, event=note_private(each.event.model_copy(update=update))))
    return tuple(announced)


def read_records(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read the events of a file in which a home lists its records, as `read_events` does.

    An event that holds more than it may is among them: the caller leaves it out, and takes all others. `sources` are
    left out.
    """
    with without_sources():
        found = _read(content, file, None)
    return tuple(replace(each, event=note_private(each.event), sources=()) for each in found)


def format_of(content: bytes, file: str) -> Format:
    """Tell the format of a file. Raise BadInputError for one that is known and not read, such as PDF."""
    return recognise(_as_utf8(content), file)


def _read(content: bytes, file: str, today: date | None) -> tuple[Announced, ...]:
    """Read a file of limited size. Raise BadInputError for one that is empty or too large, or holds no text."""
    check_size(content, file)
    content = _as_utf8(content)
    check_size(content, file)
    if not _SOMETHING.search(content):
        raise BadInputError("the file is empty; expected an event", file=file, line=1)
    with bounded(content):
        name = recognise(content, file)
        reader = _reader(name)
        read = reader.read(content, file, **({"today": today} if name in _OF_TODAY else {}))
    if len(read) > MOST_EVENTS:
        raise BadInputError(f"expected at most {MOST_EVENTS:,} events in one file, found {len(read):,}", file=file)
    return read


def _too_much_in(announced: Announced) -> Iterator[BadInputError]:
    """Yield what an event has too much of, with the line on which it begins."""
    for beyond in find_beyond(announced.event):
        problem = BadInputError(str(beyond), file=announced.file, line=announced.line)
        problem.field, problem.expected = beyond.where or None, beyond.expected
        yield problem


def _as_utf8(content: bytes) -> bytes:
    """Return a text that Windows calls Unicode in UTF-8, and anything else as it is."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content


def _reader(name: Format) -> Reader:
    """Load the reader of a format; a command that reads YAML does not wait for the libraries of a spreadsheet."""
    return cast(Reader, import_module(f"{__package__}.{name}"))
