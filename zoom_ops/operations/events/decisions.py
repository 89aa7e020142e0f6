"""Decisions of operators: cancel an event, approve doubtful fields, adopt a webinar."""

from ...engine.runs import Subject
from ...errors import ParkedError
from ...events import Event
from ...planning import carries_marker, marker_of, needs_approval, window_of
from ...store.approvals import approve
from ...store.audit import Actor, record_audit
from ...store.events import load_event
from ...store.recordings import load_recordings
from ...store.unbound import Unbound, save_unbound
from ...store.webinars import Bound, book, find_binding, find_event_of, save_binding, unseat_all
from ..context import Context
from ..reconcile.executors import record_seats, reported_fields
from ..timeline import record_happening, ring_event
from .importing import write_event


def cancel_event(context: Context, event_id: str, by: Actor) -> Event:
    """Cancel an event, and ring the job that deletes its webinar."""
    with context.database.begin() as connection:
        event = load_event(connection, event_id)
        if event.status == "cancelled":
            return event
        cancelled = event.model_copy(update={"status": "cancelled"})
        write_event(context, connection, cancelled, "event_cancelled", f"The event was cancelled by {by}.")
        record_audit(connection, by, "event_cancelled", ("event", event_id), context.database.now(connection))
        return cancelled


def approve_event(context: Context, event_id: str, by: Actor, fields: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Approve what is doubtful about an event: all of it, or some fields. Return the approved fields.

    A recording that is not there yet is approved only if `fields` names it or an import's note asks about it.
    """
    with context.database.begin() as connection:
        event = load_event(connection, event_id)
        now = context.database.now(connection)
        notes = [note for note in event.needs_review if not fields or note.field in fields]
        for note in notes:
            approve(connection, event_id, note.field, note.text, by.name, now)
        names = {note.field for note in notes}
        doubtful = needs_approval(event, context.profile_of(event))
        if doubtful and ("recording" in fields or (not fields and load_recordings(connection, event_id))):
            approve(connection, event_id, "recording", "", by.name, now)
            names.add("recording")
        if "practice" in fields:
            approve(connection, event_id, "practice", "", by.name, now)
            names.add("practice")
        if names:
            remaining = tuple(note for note in event.needs_review if note not in notes)
            settled = event.model_copy(update={"needs_review": remaining})
            write_event(context, connection, settled, "approved", f"{', '.join(sorted(names))} approved by {by}.")
            ring_event(context, connection, event_id, "recording.approved")
            record_audit(connection, by, "event_approved", ("event", event_id), now, fields=sorted(names))
        return tuple(sorted(names))


def adopt_webinar(context: Context, event_id: str, webinar_id: int, by: Actor) -> None:
    """Bind an event to a webinar that somebody made by hand.

    If the event has another webinar, the new one must carry the event's marker. Raise ParkedError if it does not, if no
    Zoom account is configured for the event, or if the webinar belongs to another event.
    """
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        bound = find_binding(connection, event_id)
    account = bound.account if bound and bound.state == "bound" else context.account_of(event)
    if account is None:
        raise ParkedError(f"No Zoom account is configured for event {event_id}.")
    gateway = context.gateway(account)
    webinar = gateway.get_webinar(webinar_id)
    replaced = bound if bound and bound.state == "bound" and bound.webinar_id != webinar_id else None
    if replaced and not carries_marker(webinar.agenda, marker_of(context.installation, event_id)):
        raise ParkedError(f"Event {event_id} has webinar {replaced.webinar_id} already. Cancel that one first.")
    panelists = gateway.get_panelists(webinar_id)
    with context.database.begin() as connection:
        owner = find_event_of(connection, account, webinar_id)
        if owner not in (None, event_id):
            raise ParkedError(f"Webinar {webinar_id} belongs to event {owner}.")
        now = context.database.now(connection)
        known = reported_fields(webinar)
        facts = {"known": known, "asked": (), "refused": (), "origin": "adopted", "state": "bound"}
        save_binding(connection, context.box, event_id, webinar, now, **facts)
        if bound is None or bound.webinar_id != webinar_id:
            unseat_all(connection, event_id)
        if replaced:
            save_unbound(connection, _stray(replaced))
        record_seats(context, connection, event_id, panelists)
        start, end = window_of(event, context.profile_of(event))
        book(connection, event_id, account, webinar.host, start, end)
        record_happening(context, connection, event_id, "webinar_adopted", f"Webinar {webinar_id} was adopted by {by}.")
        record_audit(connection, by, "webinar_adopted", ("event", event_id), now, webinar=webinar_id)
        context.journal.dismiss(connection, Subject(kind="event", id=event_id))
        ring_event(context, connection, event_id, "event.changed")
        ring_event(context, connection, event_id, "webinar.adopted")


def _stray(replaced: Bound) -> Unbound:
    """Build the stray that a replaced webinar becomes: operators get an alert until it is gone."""
    return Unbound(
        account=replaced.account,
        webinar_id=replaced.webinar_id,
        host=replaced.host,
        shown="",
        event_id=replaced.event_id,
    )
