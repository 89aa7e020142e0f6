"""What a form is about: a new event or the record of one, and the file that fills it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ....access import OPERATOR, Reader, hide_private
from ....drafts import why_not_theirs
from ....errors import BadInputError, ForbiddenError, ParkedError
from ....events import Event, Performer, ReviewNote
from ....operations.context import Context
from ....operations.events.addresses import Origins, pair_names
from ....operations.events.fetching import note_foreign
from ....operations.events.saving import complete_typed
from ....operations.events.unseen import say_unheard
from ....readers import Announced, Source
from ....store.audit import Actor
from ....store.events import find_records, load_event, load_revision
from ...errors import BadRequestError
from ...request_files import read_request
from .bodies import LONGEST_BASE, Original, check_size, find_original
from .conflicts import pack_base
from .fields import LISTS, ORIGIN, PERFORMERS, SINGLE, Values, number_below

_SHOWN = {
    "id", "start", "end", "timezone", "needs_review",
    *(field.name for field in SINGLE), *(rows.name for rows in LISTS),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a form is about."""

    event: Event | None = None  # the record as its reader may see it, if there is one
    revision: int = 0
    announced: Announced | None = None  # what was read from a file
    original: Original | None = None
    number: int = 0  # which event of the file
    listed: bool = False  # the file has several
    reader: Reader = OPERATOR

    @property
    def notes(self) -> tuple[ReviewNote, ...]:
        """The doubts that the reader may answer: of the file, else of the record."""
        return tuple(note for note in self._all_notes if self.reader.may_answer(note.field))

    @property
    def kept_notes(self) -> tuple[ReviewNote, ...]:
        """The other doubts; they stay."""
        return tuple(note for note in self._all_notes if not self.reader.may_answer(note.field))

    @property
    def _all_notes(self) -> tuple[ReviewNote, ...]:
        return self.asked.needs_review if self.asked else ()

    @property
    def asked(self) -> Event | None:
        """The event whose doubts are answered: of the file, else the record."""
        return self.announced.event if self.announced else self.event

    @property
    def sources(self) -> tuple[Source, ...]:
        """The places of the file that say the fields."""
        return self.announced.sources if self.announced else ()

    @property
    def kept(self) -> Mapping[str, Any]:
        """The fields of the record, or of the file, that the form does not show.

        To an author it does not show `KEPT_FIELDS`, of which the file may ask for a consent: see `keep_of_operators`.
        """
        if not self.reader.operates:
            return {"consent": self.announced.event.consent} if self.announced else {}
        document = self.asked.to_json() if self.asked else {}
        return {name: value for name, value in document.items() if name not in _SHOWN}

    @property
    def unheard(self) -> tuple[str, ...]:
        """Sentences on what the file says that the form does not show."""
        return () if self.reader.operates or self.announced is None else say_unheard(self.announced.event)

    @property
    def people_of_file(self) -> tuple[Performer, ...] | None:
        """The people of the file, if the rows of the form say their numbers there; else they are of the record."""
        if self.announced is None or PERFORMERS.name in self.announced.unsaid:
            return None
        return self.announced.event.performers

    def origins(self, values: Values, rows: Sequence[int]) -> tuple[int | None, ...]:
        """Return the numbers that the people in some rows of the form have in the record; None for those who are new.

        Whom the file names differently is found by the name that stands in the form: see `keep_addresses`.
        """
        people = self.event.performers if self.event else ()
        places: Sequence[int | None] = range(len(people))
        if self.people_of_file is not None:
            places = pair_names([each.name for each in self.people_of_file], [each.name for each in people])
        found = {str(number): place for number, place in enumerate(places)}
        return tuple(found.get(values.get(PERFORMERS.key(row, ORIGIN), "")) for row in rows)

    @property
    def page(self) -> str:
        """The path of the event's page that the reader may open: authors have the public one, which shows drafts."""
        event_id = self.event.id if self.event else ""
        return f"/-/events/{event_id}" if self.reader.operates else f"/events/{event_id}"

    @property
    def action(self) -> str:
        """The path that the form is sent to."""
        return f"/-/events/{self.event.id}/edit" if self.event else "/-/events/new"

    def fields(self) -> Values:
        """Return the hidden fields that say which file fills the form."""
        return self.original.fields() | {"original-event": str(self.number)} if self.original else {}

    def record_fields(self) -> Values:
        """Return the hidden fields that say on which state of the record the form stands."""
        if self.event is None:
            return {}
        base = pack_base(self.event)  # one that could not come back is left out: only a clash needs it
        return {"revision": str(self.revision), "base": base if len(base) <= LONGEST_BASE else ""}


def load_subject(context: Context, event_id: str | None, values: Values, reader: Reader) -> Subject:
    """Load what a posted form is about. Raise the errors of `load_record`."""
    original, number = find_original(values), 0
    events: tuple[Announced, ...] = ()
    if original is not None:
        events = read_original(context, original, reader)
        found = number_below(len(events), values.get("original-event", "0"))
        if found is None:
            raise BadRequestError
        number = found
    event, revision = load_record(context, event_id, reader) if event_id else (None, 0)
    return Subject(
        event=event,
        revision=revision,
        announced=events[number] if events else None,
        original=original,
        number=number,
        listed=len(events) > 1,
        reader=reader,
    )


def read_original(context: Context, original: Original, reader: Reader) -> tuple[Announced, ...]:
    """Read the events of a file. One that was saved in the form is as its record is: the file changes it no more."""
    read = read_request(check_size(original).content, original.file, today=context.database.clock.now().date())
    events = tuple(note_foreign(context, each) for each in read)
    saved = {number: event_id for number, event_id in original.saved.items() if number < len(events)}
    with context.database.read() as connection:
        records = find_records(connection, saved.values())
    theirs = {
        event_id: hide_private(record.event, reader)
        for event_id, record in records.items()
        if not why_not_theirs(record.event, publishes=reader.operates)
    }
    return tuple(
        replace(each, event=event, id_given=True, unsaid=(*each.unsaid, PERFORMERS.name))
        if (event := theirs.get(saved.get(number, "")))
        else each
        for number, each in enumerate(events)
    )


def load_record(context: Context, event_id: str, reader: Reader) -> tuple[Event, int]:
    """Load an event that a reader may change, as they may see it, with its revision.

    Raise NotFoundError, or ForbiddenError for an author and a published event.
    """
    with context.database.read() as connection:
        revision = load_revision(connection, event_id)  # first: what is shown is at least as new, so nothing is lost
        event = load_event(connection, event_id)
    if sentence := why_not_theirs(event, publishes=reader.operates):
        raise ForbiddenError(sentence)
    return hide_private(event, reader), revision


def announce(subject: Subject, event: Event) -> Announced:
    """Return an event as an import takes it, with its origin if a file has filled the form."""
    announced = subject.announced or Announced(event=event, file="form", line=1)
    return Announced(event=event, id_given=True, file=announced.file, line=announced.line, origin=announced.origin)


def complete(context: Context, event: Event, by: Actor, origins: Origins) -> tuple[Event, Mapping[str, str]]:
    """Return an event as it would be saved, or the field whose value it cannot have here with a sentence."""
    try:
        return complete_typed(context, event, by, origins), {}
    except (ForbiddenError, ParkedError) as error:
        return event, {"visibility": str(error)}
    except BadInputError as error:
        return event, {"profile" if " profile " in str(error) else "account": str(error)}
