"""Fetch an event's recordings from Zoom."""

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
    """Fetch one recording and save it; return its state.

    `removed` is the state of a removed recording that a notification or an operator claims. It counts only after Zoom's
    answer that it has no such recording. An error, an empty list or an HTML page is no confirmation.
    """
    try:
        recording = context.gateway(account).get_recording(uuid)
    except NoRecordingError:
        if removed is None:
            return "missing"
        _note_removed(context, event_id, account, uuid, removed)
        return "removed"
    with context.database.begin() as connection:
        _save(context, connection, event_id, recording)
    return "complete" if recording.complete else "processing"


def _save(context: Context, connection: Connection, event_id: str, reported: Recording) -> None:
    """Save a recording, merged with what we hold of it, if it changes."""
    row = find_recording(connection, reported.uuid)
    held = read_recording(row, context.box, reported.webinar_id) if row else None
    merged = merge_recording(held, reported) if held else reported
    state = state_after(row.state if row else None, reported)
    now = context.database.now(connection)
    record_instance(connection, reported.uuid, event_id, started_at=reported.start)
    if row and (held, row.state) == (_as_held(merged, held), state):
        return
    save_recording(connection, context.box, event_id, merged, state, now)
    if row and row.state in ("trashed", "deleted") and state == "completed":
        record_happening(context, connection, event_id, "recording_recovered", "A recording is there again at Zoom.")
    record_happening(context, connection, event_id, "recording_fetched", "A recording was fetched from Zoom.")


def _as_held(merged: Recording, held: Recording | None) -> Recording | None:
    """Return a recording as the database would return it."""
    if held is None:
        return None
    files = tuple(replace(file, download_url=None) for file in merged.files)
    return replace(merged, type=held.type, topic=held.topic, files=files)


def _note_removed(context: Context, event_id: str, account: str, uuid: str, removed: RecordingState) -> None:
    """Record that Zoom no longer has a recording, even if we know nothing else of it."""
    with context.database.begin() as connection:
        row = find_recording(connection, uuid)
        if row and row.state == removed:
            return
        unknown = Recording(uuid=uuid, webinar_id=0, type=0, topic="", start=None, duration=0, share_url=None)
        held = read_recording(row, context.box, 0) if row else unknown
        now = context.database.now(connection)
        save_recording(connection, context.box, event_id, held, removed, now)
        record_happening(context, connection, event_id, "recording_removed", f"A recording was {removed} at Zoom.")
        clear_alert(connection, unlisted_alert(account, event_id).key, now)


def unlisted_alert(account: str, event_id: str) -> Alert:
    """Build the alert that Zoom no longer has a published recording, without a notification of its removal."""
    return Alert(
        kind=UNLISTED,
        account=account,
        subject=event_id,
        sentence=f"Zoom has a recording of event {event_id} no longer, and its page still links to it. Restore it at "
        f"Zoom, or withdraw it: zoom-ops run fetch_recordings --event {event_id} --force",
    )


RECORDING_KINDS = (
    "recording.completed",
    "recording.transcript_completed",
    "recording.trashed",
    "recording.deleted",
    "recording.recovered",
)
_REMOVALS: Mapping[str, RecordingState] = {"recording.trashed": "trashed", "recording.deleted": "deleted"}
PROCESSING = timedelta(days=2)  # Zoom documents up to 24 hours; longer has been observed
ONE_ONLY = (TemporaryError, ZoomRefusedError)  # errors of one recording that do not stop the others


def fetch_event_recordings(context: Context, event_id: str, *, force: bool = False) -> str:
    """Fetch the recordings of an event's webinar; raise WaitingError while Zoom is still processing one.

    `force`: an operator wants the recordings withdrawn that Zoom no longer has.
    """
    with context.database.read() as connection:
        event, bound = load_event(connection, event_id), find_binding(connection, event_id)
        notifications = load_new(connection, event_id, RECORDING_KINDS)
    if bound is None:
        return "The event has no webinar."
    over = event.end_utc <= context.clock.now()
    unnamed = [row for row in notifications if not row.uuid]
    if unnamed or (over and not notifications):
        _find_instances(context, event_id, bound, again=bool(unnamed))
    uuids = _list_to_fetch(context, event_id, notifications, over, force=force)
    fetched: dict[str, Fetched] = {}
    failures: list[ZoomOpsError] = []
    for uuid in uuids:
        try:
            removed = _removal(notifications, uuid) or ("deleted" if force else None)
            fetched[uuid] = fetch_recording(context, event_id, bound.account, uuid, removed)
        except ONE_ONLY as error:
            failures.append(error)
    awaited = _awaited(context, event_id, notifications, fetched)
    _fold(context, [*unnamed, *(row for row in notifications if row.uuid in fetched and row.uuid not in awaited)])
    if failures or awaited:
        if set(fetched.values()) & {"complete", "removed"}:  # the recordings that are there do not wait for the others
            _ring(context, event_id)
        raise failures[0] if failures else _processing(len(awaited))
    complete = sum(became == "complete" for became in fetched.values())
    return f"{complete} of {len(uuids)} recordings were fetched." if uuids else "Nothing was held."


def _find_instances(context: Context, event_id: str, bound: Bound, *, again: bool) -> None:
    """Ask Zoom which instances were held, if we know none; with `again`, because a notification named no instance."""
    with context.database.read() as connection:
        if load_instances(connection, event_id) and not again:
            return
    instances = context.gateway(bound.account).get_instances(bound.webinar_id)
    with context.database.begin() as connection:
        for instance in instances:
            record_instance(connection, instance.uuid, event_id, started_at=instance.start)


def _list_to_fetch(
    context: Context, event_id: str, notifications: Sequence[Row[Any]], over: bool, *, force: bool
) -> list[str]:
    """List the recordings to fetch: named by notifications, or held and not complete yet; with `force`, all."""
    with context.database.read() as connection:
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
        instances = load_instances(connection, event_id)
    held = [row.uuid for row in instances if not row.practice and (row.ended_at or over)]
    named = [row.uuid for row in notifications if row.uuid]
    unfinished = [uuid for uuid in held if known.get(uuid, "processing") == "processing"]
    return list(dict.fromkeys((*named, *unfinished, *(known if force else ()))))


def _removal(notifications: Iterable[Row[Any]], uuid: str) -> RecordingState | None:
    """Return the state that the latest notification of a recording gives it, if that is a removal."""
    mine = [row for row in notifications if row.uuid == uuid]
    latest = max(mine, key=lambda row: (row.occurred_at or row.received_at, row.id), default=None)
    return _REMOVALS.get(latest.kind) if latest is not None else None


def _awaited(
    context: Context, event_id: str, notifications: Sequence[Row[Any]], fetched: Mapping[str, Fetched]
) -> frozenset[str]:
    """List the recordings that Zoom may still be processing. After `PROCESSING` they are given up."""
    with context.database.read() as connection:
        instances = {row.uuid: row for row in load_instances(connection, event_id)}
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
    recovered = {row.uuid for row in notifications if row.kind == "recording.recovered"}
    now = context.clock.now()

    def is_young(uuid: str) -> bool:
        instance = instances.get(uuid)
        moments = [row.received_at for row in notifications if row.uuid == uuid]
        moments += [instance.ended_at or instance.started_at or now] if instance else []
        return max(moments, default=now) > now - PROCESSING

    unfinished = [uuid for uuid, became in fetched.items() if became in ("missing", "processing")]
    return frozenset(
        uuid
        for uuid in unfinished
        if is_young(uuid) and (known.get(uuid, "processing") == "processing" or uuid in recovered)
    )


def _fold(context: Context, notifications: Sequence[Row[Any]]) -> None:
    if notifications:
        with context.database.begin() as connection:
            mark_folded(connection, [row.id for row in notifications])


def _ring(context: Context, event_id: str) -> None:
    with context.database.begin() as connection:
        ring_event(context, connection, event_id, "recording.fetched")


def _processing(count: int) -> WaitingError:
    what = "a recording" if count == 1 else f"{count} recordings"
    return WaitingError(f"Zoom is still processing {what}, or has not begun.")
