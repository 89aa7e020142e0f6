"""Decisions of operators about events, webinars and recordings: what waits for one, and each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row

from ...drafts import say_draft
from ...engine.runs import Subject
from ...errors import NotFoundError, ParkedError, ZoomOpsError
from ...events import Event
from ...messages import Message
from ...planning import Blocker, carries_marker, marker_of, needs_approval, visibility_of
from ...store.approvals import approve, is_approved, let_go, load_withheld, withhold
from ...store.audit import Actor, record_audit
from ...store.event_queries import list_noted, list_unapproved
from ...store.events import load_event, load_events, load_record
from ...store.recordings import find_recording, load_recordings, read_recording
from ...store.webinars import find_binding
from ..context import Context
from ..reconcile.executors import read_adoptable, record_adoption
from ..reconcile.made_there import load_made_there
from ..reconcile.observe import plan_event
from ..recordings.playing import RecordingLink, link_to
from ..timeline import record_happening, ring_event
from .importing import write_event
from .visibility import settle_visibility

_RECENT = timedelta(days=30)
_AT_MOST = 100


@dataclass(frozen=True, kw_only=True)
class ToReview:
    """An event, with what an operator has to decide about it."""

    event: Event
    recordings: tuple[Row[Any], ...] = ()  # those that wait for approval; empty where only notes wait
    approval: Literal["recording", "practice", "early_start"] | None = None  # the approval that publishes them
    findings: Mapping[str, Message] = field(default_factory=dict)  # what is doubtful about a recording, by its uuid

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
        candidates = load_events(connection, [*noted[:_AT_MOST], *unapproved[:_AT_MOST]])
    entries = [entry for event in candidates if (entry := _find_question(context, event))]
    return Queue(entries=tuple(entries), cut=max(len(noted), len(unapproved)) > _AT_MOST)


def get_recording_link(context: Context, event_id: str, uuid: str) -> RecordingLink:
    """Return where a recording plays, for operators, also before it is published; raise NotFoundError."""
    with context.database.read() as connection:
        row = _get_recording(connection, event_id, uuid)
        profile = context.profiles.get(load_event(connection, event_id).profile)
    preferred = profile.recording_types if profile else ()
    link = link_to(read_recording(row, context.box, 0), preferred, context.playing_hosts)
    if link is None:
        raise NotFoundError("recording", uuid[:100])
    return link


def withhold_recording(context: Context, event_id: str, uuid: str, by: Actor) -> None:
    """Withhold a recording: it is withdrawn from the event record, and not published until it is released."""
    with context.database.begin() as connection:
        _get_recording(connection, event_id, uuid)
        if withhold(connection, event_id, uuid, by.name, context.database.now(connection)):
            _note_recording(
                context, connection, event_id, uuid, by, "recording_withheld", f"A recording is kept back by {by}."
            )


def release_recording(context: Context, event_id: str, uuid: str, by: Actor) -> None:
    """Release a withheld recording: it is published like any other."""
    with context.database.begin() as connection:
        _get_recording(connection, event_id, uuid)
        if let_go(connection, event_id, uuid):
            sentence = f"A recording that was kept back was let go by {by}."
            _note_recording(context, connection, event_id, uuid, by, "recording_released", sentence)


class Approved(NamedTuple):
    """What was approved of an event."""

    fields: tuple[str, ...]
    became: str  # a sentence on who sees the event from now on; empty if that is as before


def approve_event(context: Context, event_id: str, by: Actor, fields: tuple[str, ...] = ()) -> Approved:
    """Approve what is doubtful about an event: all of it, or some fields.

    A recording that is not there yet is approved only if `fields` names it or an import's note asks about it.
    """
    with context.database.begin() as connection:
        record, now = load_record(connection, event_id), context.database.now(connection)
        event = record.event
        notes = [note for note in event.needs_review if not fields or note.field in fields]
        approved = [(note.field, note.text) for note in notes]
        doubtful = needs_approval(event, context.profile_of(event))
        if doubtful and ("recording" in fields or (not fields and load_recordings(connection, event_id))):
            approved.append(("recording", ""))
        approved += [(field, "") for field in ("practice", "early_start") if field in fields]
        for field, text in approved:
            approve(connection, event_id, field, text, by.name, now)
        names, became = sorted({field for field, _ in approved}), ""
        if names:
            remaining = tuple(note for note in event.needs_review if note not in notes)
            noted = event.model_copy(update={"needs_review": remaining})
            settled = settle_visibility(connection, record, noted, by)
            became = settled.sentence
            sentence = f"{', '.join(names)} approved by {by}."
            write_event(context, connection, settled.event, "approved", sentence, intended=settled.intended)
            if settled.what:
                record_happening(context, connection, event_id, settled.what, settled.sentence)
            ring_event(context, connection, event_id, "recording.approved")
            record_audit(connection, by, "event_approved", ("event", event_id), now, fields=names)
        return Approved(fields=tuple(names), became=became)


def adopt_webinar(context: Context, event_id: str, webinar_id: int, by: Actor) -> None:
    """Bind an event to a webinar that somebody made by hand.

    If the event has another webinar, the new one must carry the event's marker, or be named by its record in a home
    that makes the webinars. Raise ParkedError if it is not so, if no Zoom account is configured for the event, or if
    the webinar is a series or belongs to another event or account.
    """
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        bound = find_binding(connection, event_id)
    account = bound.account if bound and bound.state == "bound" else context.account_of(event)
    if event.visibility == "draft":
        raise ParkedError(say_draft(event))
    if account is None:
        raise ParkedError(f"No Zoom account is configured for event {event_id}.")
    adopted = read_adoptable(context, account, event_id, webinar_id)
    with context.database.begin() as connection:
        named = {record.webinar_id for record in load_made_there(context, connection, event_id)}
        replaced = bound if bound and bound.state == "bound" and bound.webinar_id != webinar_id else None
        is_its_own = carries_marker(adopted.webinar.agenda, marker_of(context.installation, event_id))
        if replaced and not is_its_own and webinar_id not in named:
            raise ParkedError(f"Event {event_id} has webinar {replaced.webinar_id} already. Cancel that one first.")
        origin: Literal["adopted", "home"] = "home" if webinar_id in named else "adopted"
        record_adoption(context, connection, event, adopted, origin, f"Webinar {webinar_id} was adopted by {by}.")
        now = context.database.now(connection)
        record_audit(connection, by, "webinar_adopted", ("event", event_id), now, webinar=webinar_id)
        context.journal.dismiss(connection, Subject(kind="event", id=event_id))
        ring_event(context, connection, event_id, "event.changed")
        ring_event(context, connection, event_id, "webinar.adopted")


def _find_question(context: Context, event: Event) -> ToReview | None:
    """Find what an operator has to decide about an event: first what something waits for."""
    with context.database.read() as connection:
        is_doubtful = needs_approval(event, context.profile_of(event))
        waits = is_doubtful and not is_approved(connection, event.id, "recording")
        withheld = load_withheld(connection, event.id)
        rows = load_recordings(connection, event.id)
    ready = tuple(row for row in rows if row.state == "completed" and row.uuid not in withheld)
    asked = _asked(context, event) if ready else ()
    unsure = {blocker.recording for blocker in asked}
    if waits and (certain := tuple(row for row in ready if row.uuid not in unsure)):
        return ToReview(event=event, recordings=certain, approval="recording")
    if asked:
        approval = asked[0].approval
        findings = {b.recording: b.finding or b.message for b in asked if b.recording and b.approval == approval}
        recordings = tuple(row for row in ready if row.uuid in findings)
        return ToReview(event=event, recordings=recordings, approval=approval, findings=findings)
    return ToReview(event=event) if event.needs_review else None


def _asked(context: Context, event: Event) -> tuple[Blocker, ...]:
    """List the questions about single recordings of an event, first those that something waits for."""
    try:
        blockers = plan_event(context, event, kinds=("PublishRecording", "WithdrawRecording")).blockers
    except ZoomOpsError:  # the job that publishes reports it
        return ()
    return tuple(sorted((blocker for blocker in blockers if blocker.recording), key=lambda blocker: blocker.over))


def _get_recording(connection: Connection, event_id: str, uuid: str) -> Row[Any]:
    row = find_recording(connection, uuid)
    if row is None or row.event_id != event_id:
        raise NotFoundError("recording", uuid[:100])
    return row


def _note_recording(
    context: Context, connection: Connection, event_id: str, uuid: str, by: Actor, what: str, sentence: str
) -> None:
    now = context.database.now(connection)
    record_happening(context, connection, event_id, what, sentence)
    record_audit(connection, by, what, ("event", event_id), now, recording=uuid)
    ring_event(context, connection, event_id, "recording.approved")
