"""Fetch recordings from Zoom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row

from ...errors import TemporaryError, WaitingError, ZoomOpsError
from ...planning import is_asked, merge_recording, state_after
from ...store.alerts import Alert, clear_alert
from ...store.events import load_event
from ...store.notifications import load_new, mark_folded
from ...store.recordings import (
    find_recording,
    load_instances,
    load_recordings,
    read_recording,
    read_sharing,
    record_instance,
    save_recording,
    save_sharing,
)
from ...store.webinars import Bound, find_binding
from ...webinars import Recording, RecordingState
from ...zoom import NoRecordingError, ZoomRefusedError
from ..context import Context
from ..timeline import record_happening, ring_event
from .sharing import SharingAnswer, ask_for_sharing

UNLISTED = "recording_unlisted"
Fetched = Literal["complete", "processing", "missing", "removed"]
_KINDS = (
    "recording.completed",
    "recording.transcript_completed",
    "recording.trashed",
    "recording.deleted",
    "recording.recovered",
)
_REMOVALS: Mapping[str, RecordingState] = {"recording.trashed": "trashed", "recording.deleted": "deleted"}
_PROCESSING = timedelta(days=2)  # Zoom documents up to 24 hours; longer has been observed
ONE_ONLY = (TemporaryError, ZoomRefusedError)  # errors of one recording that do not stop the others


def fetch_event_recordings(context: Context, event_id: str, *, force: bool = False, by_hand: bool = False) -> str:
    """Fetch the recordings of an event's webinar; raise WaitingError while Zoom is still processing one.

    `force`: an operator wants the recordings withdrawn that Zoom no longer has. `by_hand`: an operator asks, so the
    recordings that we hold are read again, too, with who may open them.
    """
    with context.database.read() as connection:
        event, bound = load_event(connection, event_id), find_binding(connection, event_id)
        notifications = load_new(connection, event_id, _KINDS)
    if bound is None:
        return "The event has no webinar."
    over = event.end_utc <= context.clock.now()
    wanted = _find_wanted(context, event_id, bound, notifications, over, force=force, again=force or by_hand)
    fetched: dict[str, Fetched] = {}
    failures: list[ZoomOpsError] = []
    for uuid, removed in wanted.items():
        try:
            fetched[uuid] = fetch_recording(context, event_id, bound.account, uuid, removed, by_hand=by_hand)
        except ONE_ONLY as error:
            failures.append(error)
    awaited = _awaited(context, event_id, notifications, fetched)
    folded = [row.id for row in notifications if not row.uuid or (row.uuid in fetched and row.uuid not in awaited)]
    rings = bool(failures or awaited) and not {"complete", "removed"}.isdisjoint(fetched.values())
    if folded or rings:  # together: a notification is not done with before its event is rung
        with context.database.begin() as connection:
            if folded:
                mark_folded(connection, folded)
            if rings:  # the recordings that are there do not wait for the others
                ring_event(context, connection, event_id, "recording.fetched")
    if failures:
        raise failures[0]
    if awaited:
        what = "a recording" if len(awaited) == 1 else f"{len(awaited)} recordings"
        raise WaitingError(f"Zoom is still processing {what}, or has not begun.")
    complete = sum(became == "complete" for became in fetched.values())
    return f"{complete} of {len(wanted)} recordings were fetched." if wanted else "Nothing was held."


def fetch_all(context: Context, account: str, recordings: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Fetch as many recordings (event, uuid) as possible; return the events with a complete one.

    If a recording fails, the events with a complete one are rung before the error is raised.
    """
    touched: dict[str, None] = {}
    failures: list[ZoomOpsError] = []
    try:
        for event_id, uuid in recordings:
            try:
                if fetch_recording(context, event_id, account, uuid) == "complete":
                    touched[event_id] = None
            except ONE_ONLY as error:
                failures.append(error)
        if failures:
            raise failures[0]
    except ZoomOpsError:
        with context.database.begin() as connection:
            for event_id in touched:
                ring_event(context, connection, event_id, "recording.fetched")
        raise
    return tuple(touched)


def fetch_recording(
    context: Context,
    event_id: str,
    account: str,
    uuid: str,
    removed: RecordingState | None = None,
    *,
    by_hand: bool = False,
) -> Fetched:
    """Fetch one recording, with who may open it if that is due or asked for `by_hand`, and save it; return its state.

    `removed` is the state of a removed recording that a notification or an operator claims. It counts only after Zoom's
    answer that it has no such recording. An error, an empty list or an HTML page is no confirmation.
    """
    try:
        recording = context.gateway(account).get_recording(uuid)
    except NoRecordingError:
        if removed is None:
            return "missing"
        with context.database.begin() as connection:
            row = find_recording(connection, uuid)
            if row is None or row.state != removed:  # it is recorded even if we know nothing else of it
                unknown = Recording(uuid=uuid, webinar_id=0, type=0, topic="", start=None, duration=0, share_url=None)
                held = read_recording(row, context.box, 0) if row else unknown
                now, sentence = context.database.now(connection), f"A recording was {removed} at Zoom."
                save_recording(connection, context.box, event_id, held, removed, now)
                record_happening(context, connection, event_id, "recording_removed", sentence)
                clear_alert(connection, unlisted_alert(account, event_id).key, now)
        return "removed"
    if not recording.complete:
        with context.database.begin() as connection:
            _save(context, connection, event_id, recording)
        return "processing"
    answer = ask_for_sharing(context, account, recording) if by_hand or _is_asked(context, recording) else None
    if answer and answer.sharing and recording.passcode is None:
        recording = replace(recording, passcode=answer.sharing.passcode)
    with context.database.begin() as connection:
        _save(context, connection, event_id, recording)
        if answer:
            _save_sharing(context, connection, event_id, uuid, answer)
    return "complete"


def _find_wanted(
    context: Context,
    event_id: str,
    bound: Bound,
    notifications: Sequence[Row[Any]],
    over: bool,
    *,
    force: bool,
    again: bool,
) -> dict[str, RecordingState | None]:
    """Find the recordings to fetch, each with the state that its latest notification gives it, if that is a removal.

    They are named by notifications, or held and not complete yet; `again`, all. Zoom is asked which were held if
    a notification names none, or if we know none after the event.
    """
    named = [row.uuid for row in notifications if row.uuid]
    with context.database.read() as connection:
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
        instances = load_instances(connection, event_id)
    if len(named) < len(notifications) or (over and not notifications and not instances):
        reported = context.gateway(bound.account).get_instances(bound.webinar_id)
        with context.database.begin() as connection:
            for instance in reported:
                record_instance(connection, instance.uuid, event_id, started_at=instance.start)
            instances = load_instances(connection, event_id)
    held = [row.uuid for row in instances if not row.practice and (row.ended_at or over)]
    unfinished = [uuid for uuid in held if known.get(uuid, "processing") == "processing"]
    by_time = sorted(notifications, key=lambda row: (row.occurred_at or row.received_at, row.id))
    removals = {row.uuid: _REMOVALS.get(row.kind) for row in by_time}  # the latest one counts
    wanted = dict.fromkeys((*named, *unfinished, *(known if again else ())))
    return {uuid: removals.get(uuid) or ("deleted" if force else None) for uuid in wanted}


def _awaited(
    context: Context, event_id: str, notifications: Sequence[Row[Any]], fetched: Mapping[str, Fetched]
) -> frozenset[str]:
    """List the recordings that Zoom may still be processing. After `_PROCESSING` they are given up."""
    with context.database.read() as connection:
        instances = {row.uuid: row for row in load_instances(connection, event_id)}
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
    recovered = {row.uuid for row in notifications if row.kind == "recording.recovered"}
    now = context.clock.now()
    awaited = set()
    for uuid in (uuid for uuid, became in fetched.items() if became in ("missing", "processing")):
        moments = [row.received_at for row in notifications if row.uuid == uuid]
        if instance := instances.get(uuid):
            moments.append(instance.ended_at or instance.started_at or now)
        is_young = max(moments, default=now) > now - _PROCESSING
        if is_young and (known.get(uuid, "processing") == "processing" or uuid in recovered):
            awaited.add(uuid)
    return frozenset(awaited)


def _is_asked(context: Context, reported: Recording) -> bool:
    with context.database.read() as connection:
        row = find_recording(connection, reported.uuid)
    held = read_recording(row, context.box, reported.webinar_id) if row and row.state == "completed" else None
    known, asked_at = (row.sharing is not None, row.sharing_asked_at) if row else (False, None)
    return is_asked(held, reported, known, asked_at, context.clock.now())


def _save_sharing(context: Context, connection: Connection, event_id: str, uuid: str, answer: SharingAnswer) -> None:
    """Save who may open a recording; record in the timeline if that has changed."""
    row = find_recording(connection, uuid)
    save_sharing(connection, uuid, answer.sharing, answer.failure, context.database.now(connection))
    before = read_sharing(row) if row else None
    if before and answer.sharing and replace(answer.sharing, passcode=None) != before:
        sentence = "Who may open a recording has changed at Zoom."
        record_happening(context, connection, event_id, "recording_fetched", sentence, recording_uuid=uuid)


def _save(context: Context, connection: Connection, event_id: str, reported: Recording) -> None:
    """Save a recording, merged with what we hold of it, if it changes."""
    row = find_recording(connection, reported.uuid)
    held = read_recording(row, context.box, reported.webinar_id) if row else None
    merged = merge_recording(held, reported) if held else reported
    state = state_after(row.state if row else None, reported)
    now = context.database.now(connection)
    record_instance(connection, reported.uuid, event_id, started_at=reported.start)
    if row and held and row.state == state:
        files = tuple(replace(file, download_url=None) for file in merged.files)
        if held == replace(merged, type=held.type, topic=held.topic, files=files):  # as the database would return it
            return
    save_recording(connection, context.box, event_id, merged, state, now)
    if row and row.state in ("trashed", "deleted") and state == "completed":
        record_happening(context, connection, event_id, "recording_recovered", "A recording is there again at Zoom.")
    record_happening(context, connection, event_id, "recording_fetched", "A recording was fetched from Zoom.")


def unlisted_alert(account: str, event_id: str) -> Alert:
    """Build the alert that Zoom no longer has a published recording, without a notification of its removal."""
    return Alert(
        kind=UNLISTED,
        account=account,
        subject=event_id,
        sentence=f"Zoom has a recording of event {event_id} no longer, and its page still links to it. Restore it at "
        f"Zoom, or withdraw it: zoom-ops run fetch_recordings --event {event_id} --force",
    )
