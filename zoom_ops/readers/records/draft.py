"""An event that is being read: its fields, where each stands, what is uncertain and what is wrong."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ...announcements import refuse
from ...errors import BadInputError
from ...events import Event, ReviewNote, make_slug
from ..bounds import hold
from ..own_ids import with_own_ids
from ..read import LONGEST_QUOTE, MOST_EVENTS, Announced, PictureAt, Source, mistakes_of
from .nodes import Node, as_text

UNSAID = ("series", "performers", "attachments", "attachments_note", "display_times")  # by a record without them


@dataclass(kw_only=True)
class Draft:
    """The fields of an event so far."""

    file: str
    record: Node
    fields: dict[str, Any] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    notes: list[ReviewNote] = field(default_factory=list)
    problems: list[BadInputError] = field(default_factory=list)
    pictures: list[PictureAt] = field(default_factory=list)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the key of their name

    def say(self, name: str, node: Node, value: Any) -> None:
        """Set a field, or a part of one such as `performers.0.name`, to a value that stands at a node."""
        if "." not in name:
            self.fields[name] = value
        self.sources.append(Source(field=name, place=node.place, text=quote(node) or as_text(value)[:LONGEST_QUOTE]))

    def doubt(self, name: str, node: Node, reason: str, choices: Iterable[str] = ()) -> None:
        """Note that a field is uncertain because of a value."""
        note = ReviewNote(field=name, line=node.line, text=quote(node), reason=reason, choices=tuple(choices))
        if note not in self.notes:
            self.notes.append(note)

    def wrong(self, node: Node, message: str) -> None:
        """Note a mistake, for which the file is refused."""
        self.problems.append(BadInputError(message, file=self.file, line=node.line))

    def finish(self, origin: str | None) -> Announced | None:
        """Build the event; None if it has a mistake."""
        if self.problems:
            return None
        fields = {
            "id": make_slug(self.fields.get("series"), self.fields.get("name")),
            **self.fields,
            "needs_review": self.notes,
        }
        try:
            event = Event.model_validate(fields)
        except ValidationError as error:
            for message in mistakes_of(error):
                self.wrong(self.record, message)
            return None
        return Announced(
            event=event,
            file=self.file,
            line=self.record.line,
            origin=origin,
            sources=tuple(self.sources),
            unsaid=tuple(name for name in UNSAID if name not in self.fields),
            pictures=tuple(self.pictures),
            page=(self.record / "url").text,
        )


def quote(node: Node) -> str:
    """Return what stands at a node, cut to the length of a quote."""
    return node.text[:LONGEST_QUOTE]


def collect(
    records: Iterable[Node],
    read: Callable[[Node], tuple[Draft, str | None]],
    *,
    file: str,
    nothing: str,
    problems: Iterable[BadInputError] = (),
) -> tuple[Announced, ...]:
    """Read the records of a file, each to a draft and its origin.

    Raises BadInputError for the first mistake with the others as notes, or with the sentence `nothing` if there is no
    event.
    """
    found, wrong = [], list(problems)
    for count, record in enumerate(records, 1):
        if count > MOST_EVENTS:
            raise BadInputError(f"expected at most {MOST_EVENTS:,} events in one file", file=file, line=record.line)
        draft, origin = read(record)
        if announced := draft.finish(origin):
            found.append(hold(announced))
        wrong.extend(draft.problems)
    refuse(wrong)
    if not found:
        raise BadInputError(nothing, file=file, line=1)
    return with_own_ids(found)
