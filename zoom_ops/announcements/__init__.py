"""Announcements as text, YAML or JSON → events, each with the line it begins on."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from ..events import Event
from .address_book import Contact, make_contact, match_people, parse_lines, parse_people
from .documents import parse_documents, read_json
from .moving import move_event, set_times
from .sources import decode
from .text import parse_text
from .who.names import name_key

__all__ = [
    "Announced",
    "Contact",
    "decode",
    "make_contact",
    "match_people",
    "move_event",
    "name_key",
    "parse_events",
    "parse_lines",
    "parse_people",
    "read_json",
    "set_times",
]


@dataclass(frozen=True, kw_only=True)
class Announced:
    """One event of a file, with the line it begins on; `id_given` is true where the file gives the event's id."""

    event: Event
    id_given: bool
    file: str
    line: int


def parse_events(
    content: bytes,
    file: str,
    *,
    profile: str | None = None,
    account: str | None = None,
    recording_visibility: Literal["public", "members"] | None = None,
) -> tuple[Announced, ...]:
    """Read the events of a file. The ending of its name chooses YAML or JSON, else it is the text of an announcement.

    A given profile or account replaces that of the file. A given recording visibility decides who may see the
    recordings, so the review note about them is dropped. Raises BadInputError with the line and the expected form.
    """
    text = decode(content, file)
    ending = file.lower().rpartition(".")[2]
    if file == "-":  # standard input, whose first words tell what it is
        keys = set(re.findall(r"^(?:- |  )?([a-z_]+):(?:\s|$)", text, re.MULTILINE))
        ending = "json" if re.match(r"\s*[\[{]", text) else "yaml" if {"name", "start"} <= keys else "txt"
    if ending in ("yaml", "yml", "json"):
        parsed = parse_documents(text, file, is_json=ending == "json")
    else:
        event, line = parse_text(text, file)
        parsed = ((event, False, line),)
    given = {name: value for name, value in (("profile", profile), ("account", account)) if value is not None}
    announced = []
    for event, id_given, line in parsed:
        update: dict[str, Any] = dict(given)
        if recording_visibility is not None:
            shown = {"visibility": recording_visibility}
            update["attachments"] = tuple(
                entry.model_copy(update=shown) if entry.kind == "recording" else entry for entry in event.attachments
            )
            update["needs_review"] = tuple(note for note in event.needs_review if note.field != "recording")
        changed = event.model_copy(update=update)
        announced.append(Announced(event=changed, id_given=id_given, file=file, line=line))
    return tuple(announced)
