"""A file → its records: one for each event, and one for each entry of a calendar that cannot be read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import Any

from ...errors import BadInputError
from ...linear import split_url
from ...readers import (
    MOST_EVENTS,
    Announced,
    Format,
    TakesTooMuchError,
    bounded,
    check_size,
    format_of,
    go_on,
    read_records,
)
from ..ids import is_id
from ..port import Raw, Record
from .client import File, digest
from .parts import iter_parts

FORMATS: Mapping[Format, str] = {  # what programs write, with its name for people
    "calendars": "a calendar",
    "linked_data": "linked data of schema.org",
    "pretalx": "JSON of pretalx",
    "frab": "a schedule in XML",
    "indico": "JSON of Indico",
    "wordpress": "JSON of WordPress",
    "json": "JSON of events",
    "yaml": "YAML of events",
    "tables": "a table",
}
_LISTS = ("results", "events")  # where JSON may hold no event
_FAILED = ("error", "errors", "message", "detail")  # keys of an answer that tells a mistake


def recognise(file: File) -> Format:
    """Tell the format of a file. Raise BadInputError where it is none that programs write, as a login page."""
    found = format_of(file.content, file.name)
    if found not in FORMATS:
        message = "this is a text for people; expected a calendar, or a page with linked data of an event"
        raise BadInputError(message, file=file.name, line=1)
    return found


def read_file(file: File, address: str) -> tuple[Raw, ...]:
    """Read the records of a file. Raise BadInputError with the place and what was expected."""
    check_size(file.content, file.name)
    if _is_empty(file.content):
        return ()
    with bounded(file.content):
        found, problem = recognise(file), None
        try:
            announced = read_records(file.content, file.name)
        except TakesTooMuchError:
            raise
        except BadInputError as error:
            if found != "calendars":
                raise
            problem = error.with_traceback(None)  # it would keep what was read
        if problem is not None:
            parts = tuple(islice(_iter_parts(file), MOST_EVENTS + 1))
            if not parts:
                raise problem
            return parts
    page = address if found == "linked_data" else ""
    return tuple(_raw_of(each, file.path, page, number) for number, each in _numbered(announced))


def read_record(raw: Raw, url: str) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    content: Any = raw.content
    if wrong := content.get("wrong"):
        raise wrong
    announced: Announced = content["announced"]
    host = split_url(url).netloc
    return Record(
        id=raw.id,
        url=_page_of(announced, url) or content["page"] or url,
        announced=replace(announced, origin=announced.origin or f"feed:{host}/{raw.id}"),
        is_public=not announced.is_private and not content.get("is_closed"),
        labels=(content["path"],),
    )


def _is_empty(content: bytes) -> bool:
    """Return whether a file is one that holds no event today."""
    start = content[:100].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        return b"END:VCALENDAR" in content[-200:].upper() and b"BEGIN:VEVENT" not in content.upper()
    if start[:1] not in (b"{", b"[") or len(content) > 10_000:
        return False
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict):
        return isinstance(value, list) and not value
    return any(value.get(key) == [] for key in _LISTS) and not any(value.get(key) for key in _FAILED)


def _numbered(announced: tuple[Announced, ...]) -> Iterator[tuple[int, Announced]]:
    """Yield each event with how many of its name without an origin stand before it."""
    names: dict[str, int] = {}
    for each in announced:
        number = names.get(each.event.name, 0)
        yield number, each
        names[each.event.name] = number + (each.origin is None)


def _raw_of(announced: Announced, path: str, page: str, number: int) -> Raw:
    return Raw(
        id=_id_of(announced, path, number),
        fingerprint=_digest([_said(announced), page]),
        content={"announced": announced, "path": path, "page": page},
    )


def _iter_parts(file: File) -> Iterator[Raw]:
    """Read a calendar entry by entry, since the mistake in one spoils no other."""
    for uid, content in iter_parts(file.content):
        go_on(file.name)
        part = replace(file, answer=replace(file.answer, body=content))
        try:
            announced = read_records(part.content, part.name)
        except TakesTooMuchError:
            raise
        except BadInputError as error:
            name = _short(f"ical:{uid}") if uid else f"part:{digest(content)}"
            reason = BadInputError(str(error).partition(": ")[2], file=file.name)
            yield Raw(id=name, fingerprint=_digest(str(reason)), content={"wrong": reason, "path": file.path})
            continue
        yield from (_raw_of(each, file.path, "", number) for number, each in _numbered(announced))


def _id_of(announced: Announced, path: str, number: int) -> str:
    if announced.origin:
        return _short(announced.origin)
    name = announced.event.id if announced.id_given else announced.event.name
    return f"event:{digest(json.dumps([path, name, number]).encode())}"


def _short(name: str) -> str:
    """Return a name as an id of a record."""
    return name if is_id(name) else f"long:{_digest(name)}"


def _said(announced: Announced) -> Any:
    """Return all that was read, without the places in the file, which another program may change."""
    event = announced.event.model_dump(mode="json")
    event["needs_review"] = [[note["field"], note["reason"], note.get("choices")] for note in event["needs_review"]]
    if not announced.id_given:
        del event["id"]  # it depends on what else stands in the file
    pictures = [[each.field, each.url, each.text] for each in announced.pictures]
    return [event, announced.origin, announced.page, pictures]


def _digest(said: Any) -> str:
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _page_of(announced: Announced, url: str) -> str:
    """Return the page of an event on the site of a feed, where the file names it."""
    origin = announced.origin or ""
    named = (announced.page, origin.removeprefix("web:") if origin.startswith("web:") else "")
    return next((page for page in named if _is_at(page, url)), "")


def _is_at(page: str, url: str) -> bool:
    """Return whether an address that a file names is on the site of the feed."""
    try:
        return split_url(page)[:2] == split_url(url)[:2] and page.isprintable()
    except ValueError:  # such as half an IPv6 address
        return False
