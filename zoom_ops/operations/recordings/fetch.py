"""Fetch what Zoom has recorded of an event, and put it together with what we hold of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row

from ...errors import TemporaryError, WaitingError, ZoomOpsError
from ...planning import merge_recording, state_after
from ...store.alerts import Alert, clear_alert
from ...store.events import load_event
from ...store.notifications import load_new, mark_folded
from ...store.recordings import (
    find_recording,
    load_instances,
    load_recordings,
    read_recording,
    record_instance,
    save_recording,
)
from ...store.webinars import Bound, find_binding
from ...webinars import Recording, RecordingState
from ...zoom import NoRecordingError, ZoomRefusedError
from ..context import Context
from ..timeline import record_happening, ring_event

UNLISTED = "recording_unlisted"
Fetched = Literal["complete", "processing", "missing", "removed"]


def fetch_recording(
    context: Context, event_id: str, account: str, uuid: str, removed: RecordingState | None = None
) -> Fetched:
    """Fetch one recording and keep it; `removed` is what somebody said became of it, and counts once Zoom agrees.

    Zoom's own word that it has none is the only confirmation: an error, an empty list or a page takes nothing back.
    """
    try:
        told = context.gateway(account).get_recording(uuid)
    except NoRecordingError:
        if removed is None:
            return "missing"
        _note_removed(context, event_id, account, uuid, removed)
        return "removed"
    with context.database.begin() as connection:
        _keep(context, connection, event_id, told)
    return "complete" if told.complete else "processing"


def _keep(context: Context, connection: Connection, event_id: str, told: Recording) -> None:
    """Write a recording down as it is now known, if that is news."""
    row = find_recording(connection, told.uuid)
    held = read_recording(row, context.box, told.webinar_id) if row else None
    merged = merge_recording(held, told) if held else told
    state = state_after(row.state if row else None, told)
    now = context.database.now(connection)
    record_instance(connection, told.uuid, event_id, started_at=told.start)
    if row and (held, row.state) == (_as_held(merged, held), state):
        return
    save_recording(connection, context.box, event_id, merged, state, now)
    if row and row.state in ("trashed", "deleted") and state == "completed":
        record_happening(context, connection, event_id, "recording_recovered", "A recording is there again at Zoom.")
    record_happening(context, connection, event_id, "recording_fetched", "A recording was fetched from Zoom.")


def _as_held(merged: Recording, held: Recording | None) -> Recording | None:
    """See a recording as it would come back from the database."""
    if held is None:
        return None
    files = tuple(replace(file, download_url=None) for file in merged.files)
    return replace(merged, type=held.type, topic=held.topic, files=files)


def _note_removed(context: Context, event_id: str, account: str, uuid: str, removed: RecordingState) -> None:
    """Note that Zoom has a recording no longer, also one of which we have heard nothing else."""
    with context.database.begin() as connection:
        row = find_recording(connection, uuid)
        if row and row.state == removed:
            return
        held = read_recording(row, context.box, 0) if row else _nothing_of(uuid)
        now = context.database.now(connection)
        save_recording(connection, context.box, event_id, held, removed, now)
        record_happening(context, connection, event_id, "recording_removed", f"A recording was {removed} at Zoom.")
        clear_alert(connection, unlisted_alert(account, event_id).key, now)


def unlisted_alert(account: str, event_id: str) -> Alert:
    """Say that Zoom has a published recording no longer, though nobody told that it was removed."""
    return Alert(
        kind=UNLISTED,
        account=account,
        subject=event_id,
        sentence=f"Zoom has a recording of event {event_id} no longer, and its page still links to it. Restore it at "
        f"Zoom, or withdraw it: zoom-ops run fetch_recordings --event {event_id} --force",
    )


def _nothing_of(uuid: str) -> Recording:
    return Recording(uuid=uuid, webinar_id=0, type=0, topic="", start=None, duration=0, share_url=None)


RECORDING_KINDS = (
    "recording.completed",
    "recording.transcript_completed",
    "recording.trashed",
    "recording.deleted",
    "recording.recovered",
)
_REMOVALS: Mapping[str, RecordingState] = {"recording.trashed": "trashed", "recording.deleted": "deleted"}
PROCESSING = timedelta(days=2)  # Zoom says up to 24 hours; longer has been seen
ONE_ONLY = (TemporaryError, ZoomRefusedError)  # what goes wrong with one recording holds the others not up


def fetch_event_recordings(context: Context, event_id: str, *, force: bool = False) -> str:
    """Fetch the recordings of an event's webinar; raise WaitingError while Zoom is still processing one.

    `force`: an operator says that what Zoom has no more is to be withdrawn.
    """
    with context.database.read() as connection:
        event, bound = load_event(connection, event_id), find_binding(connection, event_id)
        told = load_new(connection, event_id, RECORDING_KINDS)
    if bound is None:
        return "The event has no webinar."
    over = event.end_utc <= context.clock.now()
    unnamed = [row for row in told if not row.uuid]
    if unnamed or (over and not told):
        _find_instances(context, event_id, bound, again=bool(unnamed))
    wanted = _wanted(context, event_id, told, over, force=force)
    fetched: dict[str, Fetched] = {}
    failures: list[ZoomOpsError] = []
    for uuid in wanted:
        try:
            removed = _removal(told, uuid) or ("deleted" if force else None)
            fetched[uuid] = fetch_recording(context, event_id, bound.account, uuid, removed)
        except ONE_ONLY as error:
            failures.append(error)
    awaited = _awaited(context, event_id, told, fetched)
    _fold(context, [*unnamed, *(row for row in told if row.uuid in fetched and row.uuid not in awaited)])
    if failures or awaited:
        if set(fetched.values()) & {"complete", "removed"}:  # what is there now does not wait for what is to come
            _ring(context, event_id)
        raise failures[0] if failures else _processing(len(awaited))
    there = sum(became == "complete" for became in fetched.values())
    return f"{there} of {len(wanted)} recordings were fetched." if wanted else "Nothing was held."


def _find_instances(context: Context, event_id: str, bound: Bound, *, again: bool) -> None:
    """Ask Zoom which instances were held, where no notification told us; `again`: of one it did not say which."""
    with context.database.read() as connection:
        if load_instances(connection, event_id) and not again:
            return
    instances = context.gateway(bound.account).get_instances(bound.webinar_id)
    with context.database.begin() as connection:
        for instance in instances:
            record_instance(connection, instance.uuid, event_id, started_at=instance.start)


def _wanted(context: Context, event_id: str, told: Sequence[Row[Any]], over: bool, *, force: bool) -> list[str]:
    """List the instances whose recording is to be fetched: told of, or held and not fetched yet; all, if forced."""
    with context.database.read() as connection:
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
        instances = load_instances(connection, event_id)
    held = [row.uuid for row in instances if not row.practice and (row.ended_at or over)]
    named = [row.uuid for row in told if row.uuid]
    open_ones = [uuid for uuid in held if known.get(uuid, "processing") == "processing"]
    return list(dict.fromkeys((*named, *open_ones, *(known if force else ()))))


def _removal(told: Iterable[Row[Any]], uuid: str) -> RecordingState | None:
    """Tell what the latest word about a recording says became of it, if it says that it was removed."""
    words = [row for row in told if row.uuid == uuid]
    latest = max(words, key=lambda row: (row.occurred_at or row.received_at, row.id), default=None)
    return _REMOVALS.get(latest.kind) if latest is not None else None


def _awaited(
    context: Context, event_id: str, told: Sequence[Row[Any]], fetched: Mapping[str, Fetched]
) -> frozenset[str]:
    """List the recordings that Zoom may still be processing; those that it should have long had are given up."""
    with context.database.read() as connection:
        instances = {row.uuid: row for row in load_instances(connection, event_id)}
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
    recovered = {row.uuid for row in told if row.kind == "recording.recovered"}
    now = context.clock.now()

    def is_young(uuid: str) -> bool:
        held = instances.get(uuid)
        moments = [row.received_at for row in told if row.uuid == uuid]
        moments += [held.ended_at or held.started_at or now] if held else []
        return max(moments, default=now) > now - PROCESSING

    open_ones = [uuid for uuid, became in fetched.items() if became in ("missing", "processing")]
    return frozenset(
        uuid
        for uuid in open_ones
        if is_young(uuid) and (known.get(uuid, "processing") == "processing" or uuid in recovered)
    )


def _fold(context: Context, told: Sequence[Row[Any]]) -> None:
    if told:
        with context.database.begin() as connection:
            mark_folded(connection, [row.id for row in told])


def _ring(context: Context, event_id: str) -> None:
    with context.database.begin() as connection:
        ring_event(context, connection, event_id, "recording.fetched")


def _processing(count: int) -> WaitingError:
    what = "a recording" if count == 1 else f"{count} recordings"
    return WaitingError(f"Zoom is still processing {what}, or has not begun.")
