"""An event as somebody has typed it: all there is of it, saved as a new one or in place of the record.

An author types all that they may see. What they may not see stays as the record has it: see `keep_addresses`, whose
`origins` are meant by that name here, and `keep_decided` for the fields that an event lacks.
"""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from ...announcements import name_key
from ...errors import ZoomOpsError
from ...events import Event, ReviewNote
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


def create_event(context: Context, announced: Announced, by: Actor, settled: Iterable[ReviewNote] = ()) -> Imported:
    """Save a new event; `settled` are the doubts that were answered. Raise IdTakenError if there is one of its id."""
    event_id = announced.event.id
    with context.database.begin() as connection:
        if find_event(connection, event_id):
            raise IdTakenError
        return _save(context, connection, announced, by, settled, new=True)


def save_edit(
    context: Context,
    announced: Announced,
    by: Actor,
    settled: Iterable[ReviewNote] = (),
    *,
    revision: int,
    origins: Origins = (),
) -> Imported:
    """Save an event in place of its record. Raise ChangedMeanwhileError if the record has another revision by now."""
    with context.database.begin() as connection:
        lock_as_read(connection, announced.event.id, (revision,))
        event = _with_unseen(connection, announced.event, by, origins)
        return _save(context, connection, replace(announced, event=event), by, settled, new=False)


def _with_unseen(connection: Connection, event: Event, by: Actor, origins: Origins) -> Event:
    known = None if by.publishes else find_event(connection, event.id)
    if known is None:
        return event
    in_book = {name_key(contact.name) for contact in contacts_for(connection, event.performers)}
    return keep_addresses(event, known.performers, origins, in_book)


def _save(
    context: Context,
    connection: Connection,
    announced: Announced,
    by: Actor,
    settled: Iterable[ReviewNote],
    *,
    new: bool,
) -> Imported:
    event, now = announced.event, context.database.now(connection)
    if not by.publishes and (known := find_event(connection, event.id)):
        settled = restore_notes(settled, known.needs_review)
    answered = sorted({(note.field, note.text) for note in settled})
    named = replace(announced, id_given=True)
    (imported,) = import_within(context, connection, (named,), by, Meant(as_id=event.id, new=new, whole=True))
    for field, text in answered:
        approve(connection, event.id, field, text, by.name, now)
    if answered:
        ring_event(context, connection, event.id, "recording.approved")
        fields = sorted({field for field, _ in answered})
        record_audit(connection, by, "event_approved", ("event", event.id), now, fields=fields)
    return imported
