"""An event as somebody has typed it: all there is of it, saved as a new one or in place of the record.

An author types all that they may see. What they may not see stays as the record has it: see `keep_addresses`, whose
`origins` are meant by that name here, and `keep_of_operators` for the fields that an event lacks.
"""

from dataclasses import replace

from sqlalchemy import Connection

from ...announcements import name_key
from ...errors import ZoomOpsError
from ...events import Event
from ...readers import Announced
from ...store.approvals import approve
from ...store.audit import Actor, record_audit
from ...store.events import find_event
from ..context import Context
from ..timeline import ring_event
from .addresses import Origins, keep_addresses, restore_notes
from .editing import lock_as_read
from .identity import KnownEvents, Meant, contacts_for
from .importing import Imported, decide_event, import_within
from .keeping import answers_between


class IdTakenError(ZoomOpsError):
    """An event has this id already: edit that one, or give this one another id."""


def complete_typed(context: Context, event: Event, by: Actor, origins: Origins = ()) -> Event:
    """Return an event as it would be saved, with its visibility and with addresses from the address book.

    Raise NotFoundError for an unknown profile or account, ForbiddenError and ParkedError for a visibility that it
    cannot have.
    """
    with context.database.read() as connection:
        whole = _with_unseen(connection, event, by, origins)
        typed = Announced(event=whole, id_given=True, file="form", line=1)
        return decide_event(context, KnownEvents(connection, (typed,)), typed, by, Meant(whole=True))[1].event


def create_event(context: Context, announced: Announced, by: Actor, asked: Event | None = None) -> Imported:
    """Save a new event; `asked` is the one whose doubts were answered. Raise IdTakenError if there is one of its id."""
    event_id = announced.event.id
    with context.database.begin() as connection:
        if find_event(connection, event_id):
            raise IdTakenError
        return _save(context, connection, announced, by, asked, new=True)


def save_edit(
    context: Context,
    announced: Announced,
    by: Actor,
    asked: Event | None = None,
    *,
    revision: int,
    origins: Origins = (),
) -> Imported:
    """Save an event in place of its record. Raise ChangedMeanwhileError if the record has another revision by now."""
    with context.database.begin() as connection:
        lock_as_read(connection, announced.event.id, (revision,))
        event = _with_unseen(connection, announced.event, by, origins)
        return _save(context, connection, replace(announced, event=event), by, asked, new=False)


def _with_unseen(connection: Connection, event: Event, by: Actor, origins: Origins) -> Event:
    known = None if by.publishes else find_event(connection, event.id)
    if known is None:
        return event
    in_book = {name_key(contact.name) for contact in contacts_for(connection, event.performers)}
    return keep_addresses(event, known.performers, origins, in_book)


def _answers(connection: Connection, asked: Event, event: Event, by: Actor) -> tuple[tuple[str, str], ...]:
    """List what was answered of the doubts as the record has them: authors see these without addresses."""
    known = None if by.publishes else find_event(connection, event.id)
    noted = known.needs_review if known else ()
    before, after = (
        each.model_copy(update={"needs_review": restore_notes(each.needs_review, noted)}) for each in (asked, event)
    )
    return answers_between(before, after)


def _save(
    context: Context,
    connection: Connection,
    announced: Announced,
    by: Actor,
    asked: Event | None,
    *,
    new: bool,
) -> Imported:
    event, now = announced.event, context.database.now(connection)
    answered = _answers(connection, asked, event, by) if asked else ()
    named = replace(announced, id_given=True)
    (imported,) = import_within(context, connection, (named,), by, Meant(as_id=event.id, new=new, whole=True))
    for field, text in answered:
        approve(connection, event.id, field, text, by.name, now)
    if answered:
        ring_event(context, connection, event.id, "recording.approved")
        fields = sorted({field for field, _ in answered})
        record_audit(connection, by, "event_approved", ("event", event.id), now, fields=fields)
    return imported
