"""What a form is about: a new event or the record of one, and the file that fills it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ....errors import BadInputError, ForbiddenError, ParkedError
from ....events import Event, ReviewNote
from ....operations.context import Context
from ....operations.events.saving import complete_typed
from ....readers import Announced, Source, read_events
from ....store.audit import Actor
from ....store.events import find_records, load_event, load_revision
from ...errors import BadRequestError
from .bodies import Original, check_size, find_original
from .conflicts import pack_base
from .fields import LISTS, SINGLE, Values

_SHOWN = {
    "id", "start", "end", "timezone", "needs_review",
    *(field.name for field in SINGLE), *(rows.name for rows in LISTS),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a form is about."""

    event: Event | None = None  # the record, if there is one
    revision: int = 0
    announced: Announced | None = None  # what was read from a file
    original: Original | None = None
    number: int = 0  # which event of the file
    listed: bool = False  # the file has several

    @property
    def notes(self) -> tuple[ReviewNote, ...]:
        """The doubts: of the file, else of the record."""
        event = self.announced.event if self.announced else self.event
        return event.needs_review if event else ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The places of the file that say the fields."""
        return self.announced.sources if self.announced else ()

    @property
    def kept(self) -> Mapping[str, Any]:
        """The fields of the record that the form does not show."""
        event = self.announced.event if self.announced else self.event
        document = event.to_json() if event else {}
        return {name: value for name, value in document.items() if name not in _SHOWN}

    @property
    def action(self) -> str:
        """The path that the form is sent to."""
        return f"/-/events/{self.event.id}/edit" if self.event else "/-/events/new"

    def fields(self) -> Values:
        """Return the hidden fields that say which file fills the form."""
        return self.original.fields() | {"original-event": str(self.number)} if self.original else {}

    def record_fields(self) -> Values:
        """Return the hidden fields that say on which state of the record the form stands."""
        return {"revision": str(self.revision), "base": pack_base(self.event)} if self.event else {}


def load_subject(context: Context, event_id: str | None, values: Values) -> Subject:
    """Load what a posted form is about. Raise NotFoundError without such an event."""
    original, number = find_original(values), values.get("original-event", "0")
    events: tuple[Announced, ...] = ()
    announced = None
    if original is not None:
        events = read_original(context, original)
        if not number.isdecimal() or int(number[:6]) >= len(events):
            raise BadRequestError
        announced = events[int(number)]
    event, revision = load_record(context, event_id) if event_id else (None, 0)
    place = int(number) if original else 0
    return Subject(
        event=event,
        revision=revision,
        announced=announced,
        original=original,
        number=place,
        listed=len(events) > 1,
    )


def read_original(context: Context, original: Original) -> tuple[Announced, ...]:
    """Read the events of a file. One that was saved in the form is as its record is: the file changes it no more."""
    events = read_events(check_size(original).content, original.file)
    saved = {number: event_id for number, event_id in original.saved.items() if number < len(events)}
    with context.database.read() as connection:
        records = find_records(connection, saved.values())
    return tuple(
        replace(each, event=record.event, id_given=True) if (record := records.get(saved.get(number, ""))) else each
        for number, each in enumerate(events)
    )


def load_record(context: Context, event_id: str) -> tuple[Event, int]:
    """Load an event and its revision; raise NotFoundError."""
    with context.database.read() as connection:
        return load_event(connection, event_id), load_revision(connection, event_id)


def announce(subject: Subject, event: Event) -> Announced:
    """Return an event as an import takes it, with its origin if a file has filled the form."""
    announced = subject.announced or Announced(event=event, file="form", line=1)
    return Announced(event=event, id_given=True, file=announced.file, line=announced.line, origin=announced.origin)


def complete(context: Context, event: Event, by: Actor) -> tuple[Event, Mapping[str, str]]:
    """Return an event as it would be saved, or the field whose value it cannot have here with a sentence."""
    try:
        return complete_typed(context, event, by), {}
    except (ForbiddenError, ParkedError) as error:
        return event, {"visibility": str(error)}
    except BadInputError as error:
        return event, {"profile" if " profile " in str(error) else "account": str(error)}
