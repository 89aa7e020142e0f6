"""Undo of the latest edit of an event, as long as nothing of it went outside."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ...drafts import why_not_undone
from ...errors import ForbiddenError, ParkedError
from ...events import Event, Listing
from ...store.approvals import disapprove
from ...store.audit import Actor, load_latest, record_audit
from ...store.deletion import went_outside_since
from ...store.events import find_before, load_event, load_revision
from ..context import Context
from .changes import differences, say_changes
from .editing import lock_as_read
from .importing import write_event
from .keeping import answers_between

EDITS = ("event_imported", "event_updated", "event_cancelled", "edit_undone")  # in the audit: what wrote a record
GONE = "The edit went outside meanwhile, to Zoom or to a webhook: edit the event again instead."


@dataclass(frozen=True, kw_only=True)
class Undo:
    """An edit that can be undone: the event now, its revision, and what it was before."""

    event: Event
    revision: int
    before: Event


def find_undo(context: Context, event_id: str, by: Actor) -> Undo | None:
    """Find the latest edit of an event; None if they cannot undo it."""
    with context.database.read() as connection:
        if find_before(connection, event_id) is None:
            return None
        revision = load_revision(connection, event_id)  # first: what is written meanwhile is not undone unseen
        found = _find(connection, event_id)
        event = load_event(connection, event_id) if found else None
        if found is None or event is None or _why_not(connection, found[0], event, by):
            return None
        return Undo(event=event, revision=revision, before=found[0])


def is_outside(context: Context, event_id: str, by: Actor) -> bool:
    """Return whether an edit, which they could undo otherwise, went to Zoom or to a webhook already."""
    with context.database.read() as connection:
        found, now = find_before(connection, event_id), load_event(connection, event_id)
        gone = found is not None and went_outside_since(connection, event_id, found[2])
        return found is not None and gone and not _why_not(connection, found[0], now, by)


def is_undoable(connection: Connection, event: Event, by: Actor, *, own: bool) -> bool:
    """Return whether somebody can undo the latest edit of an event; `own` says whether it is theirs."""
    found = _find(connection, event.id)
    return found is not None and not why_not_undone(found[0], event, publishes=by.publishes, own=own)


def undo_edit(context: Context, event_id: str, by: Actor, *, revision: int) -> None:
    """Give an event back what it was before its latest edit, with the doubts that were answered by it.

    Raise ChangedMeanwhileError if it has another revision by now, ParkedError if something of the edit went outside,
    ForbiddenError for an author and the edit of somebody else.
    """
    with context.database.begin() as connection:
        lock_as_read(connection, event_id, (revision,))
        found, edited = _find(connection, event_id), load_event(connection, event_id)
        if found is None:
            raise ParkedError(GONE)
        before, intended = found
        if sentence := _why_not(connection, before, edited, by):
            raise ForbiddenError(sentence)
        for field, text in answers_between(before, edited):
            disapprove(connection, event_id, field, text)
        said = f"The latest edit was undone by {by}."
        write_event(context, connection, before, "event_updated", said, intended=intended)
        changes = say_changes(differences(edited, before))
        now = context.database.now(connection)
        record_audit(connection, by, "edit_undone", ("event", event_id), now, changes=changes)


def _why_not(connection: Connection, before: Event, now: Event, by: Actor) -> str:
    edit = load_latest(connection, "event", [now.id], EDITS).get(now.id)
    own = edit is not None and (edit.who, edit.how) == (by.name, by.how)
    return why_not_undone(before, now, publishes=by.publishes, own=own)


def _find(connection: Connection, event_id: str) -> tuple[Event, Listing] | None:
    found = find_before(connection, event_id)
    return found[:2] if found and not went_outside_since(connection, event_id, found[2]) else None
