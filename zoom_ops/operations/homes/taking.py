"""Records that were read become events here, a chunk in a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import Connection

from ...events import Event
from ...homes import HomeSettings
from ...planning import FieldChange
from ...readers import Announced
from ...store.audit import Actor
from ...store.homes.records import load_documents, load_elsewhere, save_records
from ...webinars import Unclear
from ..context import Context
from ..events.changes import differences
from ..events.fetching import fetch_all, with_pictures
from ..events.identity import AS_SAID, KnownEvents
from ..events.importing import Action, Imported, decide_event, import_within
from ..timeline import ring_event
from .merge import merge, merge_first
from .naming import KnownIds
from .reading import ReadRecord, WrongRecord
from .rules import for_members, judge

_LONGEST_REASON = 1_000
What = Literal["new", "changed", "unchanged", "left_out", "wrong"]
_WHAT: Mapping[Action, What] = {"created": "new", "updated": "changed", "unchanged": "unchanged"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a record. `reason`: why it is left out or cannot be read."""

    record: str
    what: What
    name: str = ""
    event_id: str | None = None
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()
    event: Event | None = field(default=None, repr=False)
    webinar_id: int | Unclear | None = None  # that the home made for it


@dataclass(frozen=True, kw_only=True)
class _Decided:
    """What is to be done with a record: what is imported and what the home said for it; or why it is left out.

    `deleted`: its event was deleted here since the pull began.
    """

    read: ReadRecord
    announced: Announced | None = None
    said: Event | None = None
    left_out: str = ""
    deleted: bool = False


def actor_of(home: str) -> Actor:
    """Return the home as the one who changes events, for the audit and the timelines."""
    return Actor(name=f"home {home}", how="home")


def with_pictures_of(context: Context, reads: Sequence[ReadRecord]) -> tuple[ReadRecord, ...]:
    """Return records with the pictures that they name, each fetched at most once."""
    if not any(each.announced.pictures for each in reads):
        return tuple(reads)
    fetched = fetch_all(context, [each.announced for each in reads])
    pictured = (replace(each.record, announced=with_pictures(each.announced, fetched)) for each in reads)
    return tuple(replace(each, record=record) for each, record in zip(reads, pictured, strict=True))


def take_chunk(
    context: Context, connection: Connection, settings: HomeSettings, home: str, reads: Sequence[ReadRecord]
) -> tuple[Outcome, ...]:
    """Import a chunk of records, and note what was read, in an open transaction.

    Raise the errors of an import where one of them cannot be imported; then nothing of the chunk counts.
    """
    decided = _decide(context, connection, settings, home, reads, lock=True)
    taken = [each.announced for each in decided if each.announced]
    imported = iter(import_within(context, connection, taken, actor_of(home), AS_SAID) if taken else ())
    outcomes = tuple(_done(each, next(imported) if each.announced else None) for each in decided)
    now = context.database.now(connection)
    rows = [_row_of(each, outcome, now) for each, outcome in zip(decided, outcomes, strict=True)]
    save_records(connection, home, rows)
    for row, read in zip(rows, reads, strict=True):
        if row["event_id"] and read.known and read.known.webinar_id != row["webinar_id"]:
            ring_event(context, connection, row["event_id"], "event.changed")
    return outcomes


def note_wrong(connection: Connection, home: str, wrong: Sequence[WrongRecord], now: datetime) -> tuple[Outcome, ...]:
    """Note records that cannot be taken in. What was read of them before stays."""
    rows = [
        {
            "record": each.raw.id,
            "event_id": each.known.event_id if each.known else None,
            "fingerprint": each.raw.fingerprint,
            "state": "wrong",
            "reason": each.reason[:_LONGEST_REASON],
            "read_at": now,
            "gone_at": None,
        }
        for each in wrong
    ]
    save_records(connection, home, rows)
    return tuple(outcome_of_wrong(each) for each in wrong)


def outcome_of_wrong(wrong: WrongRecord) -> Outcome:
    """Return the outcome of a record that cannot be taken in."""
    event_id = wrong.known.event_id if wrong.known else None
    return Outcome(record=wrong.raw.id, what="wrong", name=wrong.name, event_id=event_id, reason=wrong.reason)


def preview_chunk(
    context: Context, connection: Connection, settings: HomeSettings, home: str, reads: Sequence[ReadRecord]
) -> tuple[Outcome, ...]:
    """Return what `take_chunk` would do, and raise what it would raise. It only reads."""
    decided = _decide(context, connection, settings, home, reads)
    known_events = KnownEvents(connection, [each.announced for each in decided if each.announced])
    return tuple(_preview(context, known_events, home, each) for each in decided)


def _decide(
    context: Context,
    connection: Connection,
    settings: HomeSettings,
    home: str,
    reads: Sequence[ReadRecord],
    *,
    lock: bool = False,
) -> tuple[_Decided, ...]:
    """Decide what becomes of each record. `lock`: until the transaction ends, nobody edits their events."""
    now, known_ids = context.database.now(connection), KnownIds(context, connection, home, reads, lock=lock)
    documents = load_documents(connection, home, [each.raw.id for each in reads if each.event_id])
    here = [ours.id for each in reads if each.raw.id not in documents and (ours := known_ids.find(each))]
    elsewhere = load_elsewhere(connection, home, here)

    def decide(read: ReadRecord) -> _Decided:
        ours = known_ids.find(read)
        if read.event_id and ours is None and not read.is_asked_for:
            return _Decided(read=read, left_out="Its event was deleted here meanwhile.", deleted=True)
        verdict = judge(read.record, settings, now, known=ours is not None)
        if verdict.left_out and not (read.is_asked_for or read.event_id):
            return _Decided(read=read, left_out=verdict.left_out)
        said = read.announced.event if read.record.is_public else for_members(read.announced.event)
        if ours is None:
            chosen = {"account": verdict.account, "profile": verdict.profile, "visibility": verdict.listing}
            return _take(read, said, _new(said, chosen, known_ids.make(read)))
        base = said if known_ids.is_own(read) else _parse(documents.get(read.raw.id))
        said = _keep_picture(said, base)
        how: Any = {"unsaid": read.announced.unsaid, "own": context.recording_address(ours.id)}
        if base is None and (other := _parse(elsewhere.get(ours.id))):
            return _take(read, said, merge_first(other, said, ours, **how))
        return _take(read, said, merge(base, said, ours, **how))

    return tuple(map(decide, reads))


def _take(read: ReadRecord, said: Event, event: Event) -> _Decided:
    announced = replace(read.announced, event=event, id_given=True, unsaid=())
    return _Decided(read=read, announced=announced, said=said)


def _new(said: Event, chosen: Mapping[str, Any], event_id: str) -> Event:
    """Return a new event as a home says it, with what the rules choose. No home chooses account and profile."""
    values = {name: getattr(said, name) for name in said.model_fields_set - {*chosen, "id"}}
    return Event(**values, **{name: value for name, value in chosen.items() if value is not None}, id=event_id)


def _keep_picture(said: Event, base: Event | None) -> Event:
    """Return what a home says with its picture of before, where that was not to be had this time."""
    failed = said.image is None and any(note.field == "image" for note in said.needs_review)
    return said.model_copy(update={"image": base.image}) if base and failed else said


def _parse(document: Mapping[str, Any] | None) -> Event | None:
    try:
        return Event.model_validate(document) if document else None
    except ValidationError:  # of another version, which knew other fields
        return None


def _done(decided: _Decided, done: Imported | None) -> Outcome:
    if done is None:
        return _outcome(decided, "left_out")
    return _outcome(decided, _WHAT[done.action], done.event, done.changes)


def _outcome(
    decided: _Decided, what: What, event: Event | None = None, changes: tuple[FieldChange, ...] = ()
) -> Outcome:
    return Outcome(
        record=decided.read.raw.id,
        what=what,
        name=(event or decided.read.announced.event).name,
        event_id=event.id if event else None,
        reason=decided.left_out,
        changes=changes,
        event=event,
        webinar_id=decided.read.record.webinar_id,
    )


def _preview(context: Context, known_events: KnownEvents, home: str, decided: _Decided) -> Outcome:
    if decided.announced is None:
        return _outcome(decided, "left_out")
    known, settled = decide_event(context, known_events, decided.announced, actor_of(home), AS_SAID)
    changes = differences(known, settled.event)
    what: What = "new" if known is None else "changed" if changes else "unchanged"
    return _outcome(decided, what, settled.event, changes)


def _row_of(decided: _Decided, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """Build what is noted of a record that was read."""
    record = decided.read.record
    return {
        "record": decided.read.raw.id,
        "event_id": outcome.event_id,
        "url": record.url,
        "fingerprint": decided.read.raw.fingerprint,
        "document": decided.said.to_json() if decided.said else None,
        "state": "taken" if decided.announced else "deleted" if decided.deleted else "left_out",
        "reason": decided.left_out or None,
        "webinar_id": str(record.webinar_id) if record.webinar_id else None,
        "read_at": now,
        "gone_at": None,
    }
