"""Import of events.

The first import of an event creates its record. A later import updates the record and never makes a second event.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from ...announcements import match_people
from ...drafts import why_not_theirs
from ...errors import BadInputError, NotFoundError, ParkedError
from ...events import Event, Listing, ReviewNote
from ...explain import MOST_MISTAKES
from ...moving import set_times
from ...planning import FieldChange
from ...readers import Announced
from ...stages import is_linked
from ...store.alerts import clear_alert, list_alerts
from ...store.audit import Actor, record_audit
from ...store.events import keep_before, save_event, save_origin
from ...store.recordings import load_publications
from ..context import Context
from ..timeline import Happening, record_happening, record_happenings, ring_changed
from .addresses import keep_addresses, restore_notes
from .changes import differ_in_gates, differences, say_changes, sum_up_changes
from .fetching import fetch_pictures
from .identity import KnownEvents, Meant, identify, take_own
from .keeping import keep_decided, keep_own_entries
from .pictures import keep_portraits, settle_pictures
from .unseen import is_same_to_authors, keep_of_operators
from .visibility import Settled, check_groups, settle_visibility, take_inside

Action = Literal["created", "updated", "unchanged"]
Tell = Callable[[int], None]
_KEPT = ("status", "previous_start", "consent", "account", "profile", "language", "image")  # where a file gives none


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The outcome of importing one event."""

    id: str
    action: Action
    changes: tuple[FieldChange, ...] = ()
    event: Event = field(repr=False)


def import_events(
    context: Context,
    announced: Iterable[Announced],
    by: Actor,
    *,
    as_id: str | None = None,
    new: bool = False,
    tell: Tell = lambda _: None,
) -> tuple[Imported, ...]:
    """Save the events of a file, all or none of them, and ring the jobs for those that changed.

    `as_id` names the event that the file describes. `new` says that it is another event of the same name. `tell` is
    called after each event with the number of those that are done. Raise ParkedError where it is unclear which event
    is meant.
    """
    events = fetch_pictures(context, announced)
    with context.database.begin() as connection:
        return import_within(context, connection, events, by, meant_by(events, as_id=as_id, new=new), tell)


def meant_by(events: Sequence[Announced], *, as_id: str | None, new: bool) -> Meant:
    """Return which event somebody says that those of a file are. Raise BadInputError for one id and several events."""
    if as_id and len(events) != 1:
        raise BadInputError(f"An id names one event, and the file holds {len(events)}.")
    return Meant(as_id=as_id, new=new)


def import_within(
    context: Context,
    connection: Connection,
    events: Sequence[Announced],
    by: Actor,
    meant: Meant,
    tell: Tell = lambda _: None,
    beside: Sequence[Announced] = (),
) -> tuple[Imported, ...]:
    """Save events, as `import_events` does, in an open transaction. All questions of them are asked at once.

    `beside`: all events of the file, where these are a part of them.
    """
    imported: list[Imported] = []
    events = events if meant.whole else take_own(context, events)
    known_events = KnownEvents(connection, events, meant.as_id, lock=True, beside=beside)
    now = context.database.now(connection)
    happenings, questions = list[Happening](), list[ParkedError]()
    for number, event in enumerate(events, start=1):
        try:
            imported.append(_import_one(context, known_events, event, by, meant, now, happenings))
        except ParkedError as question:
            questions.append(question)
        tell(number)
    if questions:
        for other in questions[1:MOST_MISTAKES]:
            questions[0].add_note(str(other))
        raise questions[0]
    _refuse_twins(events, imported)
    record_happenings(context, connection, happenings)
    written = {outcome.id: outcome.event for outcome in imported if outcome.action != "unchanged"}
    ring_changed(context, connection, written)
    return tuple(imported)


def _import_one(
    context: Context,
    known_events: KnownEvents,
    announced: Announced,
    by: Actor,
    meant: Meant,
    now: datetime,
    happenings: list[Happening],
) -> Imported:
    """Save one event. What happened to it is added to `happenings`."""
    known, settled = decide_event(context, known_events, announced, by, meant)
    event, connection = settled.event, known_events.connection
    changes = differences(known, event)
    if changes:
        happenings.extend(_write(connection, known, settled, by, changes, now))
    origin = known_events.origin_for(event.id, announced, moves=by.publishes)
    theirs = not why_not_theirs(event, publishes=by.publishes)
    if theirs and origin and known_events.by_origin(origin) != event.id:
        save_origin(connection, origin, event.id, now)
    known_events.expect(event, settled.intended, origin)
    action: Action = "unchanged" if not changes else "updated" if known else "created"
    return Imported(id=event.id, action=action, changes=changes, event=event)


def decide_event(
    context: Context, known_events: KnownEvents, announced: Announced, by: Actor, meant: Meant
) -> tuple[Event | None, Settled]:
    """Decide what an import makes of an announced event: return the event as known, or None, and as it will be.

    It only reads, so that a preview and an import say the same. Raise ParkedError where it is unclear which event is
    meant, NotFoundError for an unknown profile or account.
    """
    event = identify(known_events, announced, as_id=meant.as_id, new=meant.new)
    record = known_events.record_of(event.id)
    known = record.event if record else None
    if not by.publishes:
        restored = restore_notes(event.needs_review, known.needs_review if known else ())
        event = keep_of_operators(event.model_copy(update={"needs_review": restored}), known)
    event = _complete(context, known_events, replace(announced, event=event), known, meant)
    if record and why_not_theirs(record.event, publishes=by.publishes) and is_same_to_authors(event, record.event):
        return known, Settled(event=record.event, intended=record.decided.intended, before=record.decided)
    _check_names(context, event, hints=by.publishes)
    check_groups(event, known)
    asked = event.visibility if "visibility" in event.model_fields_set else None
    return known, settle_visibility(known_events.connection, record, event, by, asked)


def _write(
    connection: Connection,
    known: Event | None,
    settled: Settled,
    by: Actor,
    changes: Sequence[FieldChange],
    now: datetime,
) -> tuple[Happening, ...]:
    """Save a changed event, and return what happened to it."""
    event, said = settled.event, say_changes(changes) if known else []
    what = "event_updated" if known else "event_imported"
    cancelled = known is not None and event.status == "cancelled" != known.status
    sentence = f"Its record was changed by {by}: {sum_up_changes(said)}." if known else "The event was added."
    happening = "event_cancelled" if cancelled else settled.what if known and settled.what else what
    sentence = f"{sentence} {settled.sentence}".strip()
    take_inside(connection, settled, now)
    _save(connection, event, now, settled.intended, new=known is None)
    if known and settled.before:
        keep_before(connection, known, settled.before.intended)
    detail: dict[str, Any] = {"fields": [change.field for change in changes]} | ({"changes": said} if known else {})
    detail |= {"visibility": event.visibility} if settled.what else {}
    record_audit(connection, by, what, ("event", event.id), now, **detail)
    written = Happening(event_id=event.id, at=now, what=happening, sentence=sentence)
    return (written, *_gate_changes(connection, known, event, now))


def _gate_changes(connection: Connection, known: Event | None, event: Event, now: datetime) -> Iterator[Happening]:
    """Yield which published recordings are for others now: our page obeys at once; webhooks get a message."""
    if known is None or not differ_in_gates(known, event):
        return
    for publication in load_publications(connection, [event.id]).get(event.id, ()):
        if publication.state == "published":
            sentence, uuid = f"{publication.title}: whom it is for was changed.", publication.recording_uuid
            yield Happening(event_id=event.id, at=now, what="recording_changed", sentence=sentence, recording_uuid=uuid)


def _refuse_twins(events: Sequence[Announced], imported: Sequence[Imported]) -> None:
    """Raise BadInputError where two events of a file are the same event, and say different things of it."""
    first: dict[str, Announced] = {}
    for announced, outcome in zip(events, imported, strict=True):
        before = first.setdefault(outcome.id, announced)
        if before is not announced and outcome.action == "updated":
            raise BadInputError(twins(before, outcome.id), file=announced.file, line=announced.line)


def twins(before: Announced, event_id: str) -> str:
    """Say that an event of a file is one that stands in the file already."""
    return (
        f"this is {event_id}, which line {before.line} describes already, and differently; "
        "give one of them another name, or an id"
    )


def imported_json(imported: Imported) -> dict[str, Any]:
    """Build the JSON of an import's outcome."""
    return {
        "id": imported.id,
        "action": imported.action,
        "visibility": imported.event.visibility,
        "changes": [change.model_dump(mode="json") for change in imported.changes],
        "needs_review": [note.model_dump(mode="json") for note in imported.event.needs_review],
    }


def write_event(
    context: Context,
    connection: Connection,
    event: Event,
    what: str,
    sentence: str,
    *,
    intended: Listing | None = None,
) -> None:
    """Save a changed event, add to its timeline, ring its jobs. `intended`: see `save_event`."""
    _save(connection, event, context.database.now(connection), intended)
    record_happening(context, connection, event.id, what, sentence)
    ring_changed(context, connection, {event.id: event})


def _save(connection: Connection, event: Event, now: datetime, intended: Listing | None, *, new: bool = False) -> None:
    save_event(connection, event, now, intended, new=new)
    if is_linked(event):  # what is linked is not missing
        for alert in list_alerts(connection, kinds=("recording_missing",), subject=event.id):
            clear_alert(connection, alert.key, now)


def _complete(
    context: Context, known_events: KnownEvents, announced: Announced, known: Event | None, meant: Meant
) -> Event:
    """Add what the record holds and the file does not give, and known addresses; remove notes that are settled.

    Kept are a status, an address, the recording's own entry; no address of a `whole` event.
    """
    event = announced.event
    changes: dict[str, Any] = {}
    if known:
        said = (*announced.unsaid, *(name for name in _KEPT if name not in event.model_fields_set))
        changes |= {name: getattr(known, name) for name in said}
        event = event.model_copy(update=changes)
        if not meant.whole:
            event = keep_portraits(keep_addresses(event, known.performers), known.performers)
        moved = (event.start, event.end) != (known.start, known.end)
        if moved and event.display_times == known.display_times:  # whoever moves an event may leave them as they were
            changes["display_times"] = set_times(event, event.start, event.end).display_times
        changes["performers"] = event.performers
        changes["attachments"] = tuple(keep_own_entries(event, known, context.recording_address(event.id)))
    own = context.recording_address(event.id)
    changes["needs_review"] = tuple(note for note in event.needs_review if note.text.partition("?")[0] != own)
    event = _without_settled(known_events, event.model_copy(update=changes), known, meant)
    return settle_pictures(known_events.connection, match_people(event, known_events.contacts_of(event.performers)))


def _without_settled(known_events: KnownEvents, event: Event, known: Event | None, meant: Meant) -> Event:
    """Remove the notes that are settled, and keep what a doubtful import leaves as it is."""

    def is_approved(note: ReviewNote) -> bool:
        return known_events.is_approved(event.id, note.field, note.text)

    if known and not meant.whole:
        return keep_decided(known, event, is_approved, seen=known.needs_review if meant.edit else ())
    left = tuple(note for note in event.needs_review if not is_approved(note))
    return event.model_copy(update={"needs_review": left})


def _check_names(context: Context, event: Event, *, hints: bool) -> None:
    """Raise NotFoundError for an unknown profile or account. Only operators are told the names of those there are."""
    if event.profile not in context.profiles:
        raise NotFoundError("profile", event.profile, context.profiles if hints else ())
    if event.account is not None and event.account not in context.gateways:
        raise NotFoundError("account", event.account, context.gateways if hints else ())
