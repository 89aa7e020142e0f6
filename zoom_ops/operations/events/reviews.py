"""Reviews by operators: events and recordings that wait for a decision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row

from ...errors import NotFoundError, ZoomOpsError
from ...events import Event
from ...planning import needs_approval, visibility_of
from ...store.approvals import is_approved, let_go, load_withheld, withhold
from ...store.audit import Actor, record_audit
from ...store.event_queries import list_noted, list_unapproved
from ...store.events import load_event, load_events
from ...store.recordings import find_recording, load_recordings, read_recording
from ..context import Context
from ..reconcile.observe import plan_event
from ..recordings.playing import RecordingLink, link_to
from ..timeline import record_happening, ring_event

_RECENT = timedelta(days=30)
_AT_MOST = 100


@dataclass(frozen=True, kw_only=True)
class ToReview:
    """An event, with what an operator has to decide about it."""

    event: Event
    recordings: tuple[Row[Any], ...]  # those that wait for approval; empty where only notes wait
    approval: Literal["recording", "practice"] | None  # the approval that publishes them

    @property
    def visibility(self) -> Literal["public", "members"]:
        """Return who may watch the recordings once they are approved."""
        return visibility_of(self.event)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The events that wait for a decision, the next event first."""

    entries: tuple[ToReview, ...]
    cut: bool  # more events may wait than were read


def list_to_review(context: Context) -> Queue:
    """List the events whose notes or recordings wait for a decision, the next event first."""
    since = context.clock.now() - _RECENT
    with context.database.read() as connection:
        noted = list_noted(connection, since, limit=_AT_MOST + 1)
        unapproved = list_unapproved(connection, since, limit=_AT_MOST + 1)
        events = load_events(connection, [*noted[:_AT_MOST], *unapproved[:_AT_MOST]])
        candidates = tuple(_to_review(context, connection, events))
    entries = tuple(entry for candidate in candidates if (entry := _to_decide(context, candidate)))
    return Queue(entries=entries, cut=max(len(noted), len(unapproved)) > _AT_MOST)


def get_recording_link(context: Context, event_id: str, uuid: str) -> RecordingLink:
    """Return where a recording plays, for operators, also before it is published; raise NotFoundError."""
    with context.database.read() as connection:
        row = _get(connection, event_id, uuid)
        profile = context.profiles.get(load_event(connection, event_id).profile)
    link = link_to(read_recording(row, context.box, 0), profile.recording_types if profile else ())
    if link is None:
        raise NotFoundError("recording", uuid[:100])
    return link


def withhold_recording(context: Context, event_id: str, uuid: str, by: Actor) -> None:
    """Withhold a recording: it is withdrawn from the event record, and not published until it is released."""
    with context.database.begin() as connection:
        _get(connection, event_id, uuid)
        if withhold(connection, event_id, uuid, by.name, context.database.now(connection)):
            _note(context, connection, event_id, uuid, by, "recording_withheld", f"A recording is kept back by {by}.")


def release_recording(context: Context, event_id: str, uuid: str, by: Actor) -> None:
    """Release a withheld recording: it is published like any other."""
    with context.database.begin() as connection:
        _get(connection, event_id, uuid)
        if let_go(connection, event_id, uuid):
            sentence = f"A recording that was kept back was let go by {by}."
            _note(context, connection, event_id, uuid, by, "recording_released", sentence)


def _to_review(context: Context, connection: Connection, events: tuple[Event, ...]) -> Iterator[ToReview]:
    for event in events:
        waits = needs_approval(event, context.profile_of(event)) and not is_approved(connection, event.id, "recording")
        withheld = load_withheld(connection, event.id)
        ready = tuple(
            row
            for row in load_recordings(connection, event.id)
            if row.state == "completed" and row.uuid not in withheld
        )
        if event.needs_review or ready:
            yield ToReview(event=event, recordings=ready, approval="recording" if waits and ready else None)


def _to_decide(context: Context, candidate: ToReview) -> ToReview | None:
    """Return what an operator has to decide: on recordings that need an approval, else on notes, else nothing."""
    if candidate.approval:
        return candidate
    if candidate.recordings and _may_be_practice(context, candidate.event):
        return replace(candidate, approval="practice")
    return replace(candidate, recordings=()) if candidate.event.needs_review else None


def _may_be_practice(context: Context, event: Event) -> bool:
    try:
        return any(blocker.approval == "practice" for blocker in plan_event(context, event).blockers)
    except ZoomOpsError:  # the job that publishes reports it
        return False


def _get(connection: Connection, event_id: str, uuid: str) -> Row[Any]:
    row = find_recording(connection, uuid)
    if row is None or row.event_id != event_id:
        raise NotFoundError("recording", uuid[:100])
    return row


def _note(
    context: Context, connection: Connection, event_id: str, uuid: str, by: Actor, what: str, sentence: str
) -> None:
    now = context.database.now(connection)
    record_happening(context, connection, event_id, what, sentence)
    record_audit(connection, by, what, ("event", event_id), now, recording=uuid)
    ring_event(context, connection, event_id, "recording.approved")
