"""Publish an event, take it off the lists, make it a draft again, delete it."""

from dataclasses import dataclass

from ...drafts import Decided, why_not_deleted, why_not_published, why_not_theirs
from ...errors import ForbiddenError, ParkedError
from ...events import Event, Listing
from ...messages import runs as say
from ...store.audit import Actor, record_audit
from ...store.deletion import delete_event as delete_rows
from ...store.deletion import fence_runs, load_outside
from ...store.events import load_event, load_record
from ..context import Context
from .editing import ANY, Revisions, lock_as_read
from .importing import write_event
from .visibility import settle_visibility, take_inside


@dataclass(frozen=True, kw_only=True)
class Published:
    """An event with the visibility that it has now, and what that means."""

    event: Event
    sentence: str

    @property
    def visibility(self) -> Listing:
        """Who may find the event now."""
        return self.event.visibility


def publish_event(
    context: Context, event_id: str, by: Actor, *, unlisted: bool = False, known: Revisions = ANY
) -> Published:
    """Publish a draft, or put an unlisted event on the lists. Ring the jobs that make its webinar.

    Raise ParkedError while something about it is in doubt. `known`: see `replace_event`.
    """
    return _set(context, event_id, "unlisted" if unlisted else "listed", by, known)


def unlist_event(
    context: Context, event_id: str, by: Actor, *, draft: bool = False, known: Revisions = ANY
) -> Published:
    """Take an event off every list; with `draft`, make it a draft again. Raise ParkedError where it cannot be one."""
    return _set(context, event_id, "draft" if draft else "unlisted", by, known, publishes=False)


def describe_deletion(event: Event) -> str:
    """Say what the deletion of an event takes away."""
    return f"Deletes “{event.name}” ({event.visibility}) with its history. Nothing of it has left this service."


def get_deletable(context: Context, event_id: str, by: Actor) -> Event:
    """Return an event that may be deleted. Raise ParkedError if something of it has left this service.

    Raise ForbiddenError for an author and an event that is no draft.
    """
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        _check_theirs(event, by)
        if sentence := why_not_deleted(event, load_outside(connection, event_id)):
            raise ParkedError(sentence)
    return event


def delete_event(context: Context, event_id: str, by: Actor, known: Revisions = ANY) -> Event:
    """Delete an event of which nothing has left this service, with all its rows. The audit keeps who did it."""
    with context.database.begin() as connection:
        lock_as_read(connection, event_id, known)
        event, now = load_event(connection, event_id), context.database.now(connection)
        _check_theirs(event, by)
        fence_runs(connection, event_id, now, say.EVENT_DELETED())
        if sentence := why_not_deleted(event, load_outside(connection, event_id)):
            raise ParkedError(sentence)
        delete_rows(connection, event_id, now)
        detail = {"name": event.name, "visibility": event.visibility}
        record_audit(connection, by, "event_deleted", ("event", event_id), now, **detail)
    return event


def _check_theirs(event: Event, by: Actor) -> None:
    if sentence := why_not_theirs(event, publishes=by.publishes):
        raise ForbiddenError(sentence)


def _set(
    context: Context, event_id: str, wanted: Listing, by: Actor, known: Revisions, *, publishes: bool = True
) -> Published:
    with context.database.begin() as connection:
        lock_as_read(connection, event_id, known)
        record = load_record(connection, event_id)
        event = record.event
        if not by.publishes:
            raise ForbiddenError("You may write drafts; an operator publishes them.")
        if wanted != "draft" and event.visibility == "draft":
            if sentence := why_not_published(event):
                raise ParkedError(sentence)
            if not publishes:
                raise ParkedError(
                    f"{event_id} is a draft, so no list names it. To show it to whoever has its address: zoom-ops "
                    f"events publish {event_id} --unlisted"
                )
        now = context.database.now(connection)
        settled = settle_visibility(connection, record, event, by, wanted)
        if settled.before == Decided(visibility=settled.event.visibility, intended=settled.intended):
            return Published(event=event, sentence=f"{event_id} is {_NAMES[wanted]} already.")
        what, sentence = settled.what or "event_drafted", settled.sentence or "It stays a draft until it is published."
        take_inside(connection, settled, now)
        write_event(context, connection, settled.event, what, f"{sentence} By {by}.", intended=settled.intended)
        record_audit(connection, by, what, ("event", event_id), now, visibility=settled.event.visibility)
    return Published(event=settled.event, sentence=f"{event_id}: {sentence}")


_NAMES = {"draft": "a draft", "unlisted": "unlisted", "listed": "listed"}
