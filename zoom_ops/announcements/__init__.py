"""Announcements → events: from text, YAML or JSON, each with the line it begins on."""

import re
from dataclasses import dataclass
from typing import Literal

from ..events import Event, Visibility
from .address_book import Contact, match_people, name_key, parse_lines, parse_people
from .documents import parse_documents, read_json
from .moving import move_event
from .sources import decode
from .text import parse_text

__all__ = [
    "Announced",
    "Contact",
    "decode",
    "match_people",
    "move_event",
    "name_key",
    "parse_events",
    "parse_lines",
    "parse_people",
    "read_json",
]


@dataclass(frozen=True, kw_only=True)
class Announced:
    """One event read from a file, with the line it begins on; `id_given` says whether the file gave its id."""

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
    """Read the events of a file by its ending: YAML, JSON, else the text of an announcement.

    Profile and account, where given, win over the file's. A recording visibility settles who may see recordings, so the
    doubt about them goes. Raises BadInputError that names the line and what was expected.
    """
    text = decode(content, file)
    ending = _sniff(text) if file == "-" else file.lower().rpartition(".")[2]
    if ending in ("yaml", "yml", "json"):
        found = parse_documents(text, file, is_json=ending == "json")
    else:
        event, line = parse_text(text, file)
        found = ((event, False, line),)
    chosen = {name: value for name, value in (("profile", profile), ("account", account)) if value is not None}
    return tuple(
        Announced(
            event=_settled(event.model_copy(update=chosen), recording_visibility),
            id_given=id_given,
            file=file,
            line=line,
        )
        for event, id_given, line in found
    )


def _sniff(text: str) -> str:
    """Tell by its first words what standard input holds: JSON, YAML, or the text of an announcement."""
    if re.match(r"\s*[\[{]", text):
        return "json"
    names = re.findall(r"^(?:- |  )?([a-z_]+):(?:\s|$)", text, re.MULTILINE)
    return "yaml" if {"name", "start"} <= set(names) else "txt"


def _settled(event: Event, visibility: Visibility | None) -> Event:
    """Give the recordings of an event a visibility; the doubt about who may see them goes."""
    if visibility is None:
        return event
    attachments = tuple(
        entry.model_copy(update={"visibility": visibility}) if entry.kind == "recording" else entry
        for entry in event.attachments
    )
    notes = tuple(note for note in event.needs_review if note.field != "recording")
    return event.model_copy(update={"attachments": attachments, "needs_review": notes})
