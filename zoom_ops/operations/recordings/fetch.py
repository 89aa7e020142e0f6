"""Fetch recordings from Zoom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row

from ...errors import TemporaryError, WaitingError, ZoomOpsError
from ...events import Event
from ...planning import (
    CONFIRM_AFTER,
    PROCESSING,
    is_asked,
    is_rehearsal,
    merge_recording,
    next_look,
    state_after,
    without_unfinished,
)
from ...store.events import load_event
from ...store.notifications import load_new, mark_folded
from ...store.published import change_look
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
from ...webinars import REMOVED, Recording, RecordingState
from ...zoom import NoRecordingError, ZoomRefusedError
from ..context import Context
from ..timeline import record_happening, ring_event
from .gone import report_gone, save_removed
from .sharing import SharingAnswer, ask_for_sharing

Fetched = Literal["complete", "processing", "missing", "removed"]
_KINDS = (
    "recording.completed",
    "recording.transcript_completed",
    "recording.trashed",
    "recording.deleted",
    "recording.recovered",
)
_REMOVALS: Mapping[str, RecordingState] = {"recording.trashed": "trashed", "recording.deleted": "deleted"}
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
    wanted = _find_wanted(context, event, bound, notifications, over, force=force, again=force or by_hand)
    fetched: dict[str, Fetched] = {}
    failures: list[ZoomOpsError] = []
    for uuid, removed in wanted.items():
        try:
            fetched[uuid] = fetch_recording(context, event_id, bound.account, uuid, removed, by_hand=by_hand)
        except ONE_ONLY as error:
            failures.append(error)
    if not force:
        _doubt(context, event_id, [uuid for uuid, became in fetched.items() if wanted[uuid] and became != "removed"])
    awaited = _awaited(context, event, notifications, fetched)
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
    answer that it has no such recording. An error, an empty list or an HTML page is no confirmation. A file that Zoom
    does not finish holds the others back for two days.
    """
    try:
        reported = context.gateway(account).get_recording(uuid)
    except NoRecordingError:
        if removed is None:
            return "missing"
        with context.database.begin() as connection:
            save_removed(context, connection, event_id, uuid, removed)
        return "removed"
    recording = without_unfinished(reported, context.clock.now())
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
    event: Event,
    bound: Bound,
    notifications: Sequence[Row[Any]],
    over: bool,
    *,
    force: bool,
    again: bool,
) -> dict[str, RecordingState | None]:
    """Find the recordings to fetch, each with the state that its latest notification gives it, if that is a removal.

    They are named by notifications, or held and not complete yet; `again`, all. Zoom is asked which were held if
    a notification names none, or if we know none after the event. What Zoom called a practice session may have been the
    event, so it is looked at, too.
    """
    event_id = event.id
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
    forgotten = context.clock.now() - PROCESSING
    held = [row.uuid for row in instances if (row.ended_at or over) and not _is_past_practice(row, forgotten)]
    unfinished = [uuid for uuid in held if known.get(uuid, "processing") == "processing"]
    by_time = sorted(notifications, key=lambda row: (row.occurred_at or row.received_at, row.id))
    removals = {row.uuid: _REMOVALS.get(row.kind) for row in by_time}  # the latest one counts
    wanted = dict.fromkeys((*named, *unfinished, *(known if again else ())))
    return {uuid: removals.get(uuid) or ("deleted" if force else None) for uuid in wanted}


def _doubt(context: Context, event_id: str, uuids: Sequence[str]) -> None:
    """Have recordings looked at again soon that Zoom still shows, though a notification told of their removal.

    Perhaps only a file was removed; or Zoom's answer lagged.
    """
    if uuids:
        with context.database.begin() as connection:
            now = context.database.now(connection)
            for uuid in uuids:
                change_look(connection, event_id, uuid, look_at=now + CONFIRM_AFTER, missing_since=now)


def _is_past_practice(instance: Row[Any], forgotten: datetime) -> bool:
    """Return whether Zoom called an instance a practice session so long ago that no recording of it will come."""
    return bool(instance.practice and instance.ended_at and instance.ended_at <= forgotten)


def _awaited(
    context: Context, event: Event, notifications: Sequence[Row[Any]], fetched: Mapping[str, Fetched]
) -> frozenset[str]:
    """List the recordings that Zoom may still be processing. After `PROCESSING` they are given up.

    A rehearsal that nobody recorded is not waited for: where there is a recording, a notification or the sweep tells.
    """
    with context.database.read() as connection:
        instances = {row.uuid: row for row in load_instances(connection, event.id)}
        known = {row.uuid: row.state for row in load_recordings(connection, event.id)}
    recovered = {row.uuid for row in notifications if row.kind == "recording.recovered"}
    now = context.clock.now()
    awaited = set()
    for uuid in (uuid for uuid, became in fetched.items() if became in ("missing", "processing")):
        moments = [row.received_at for row in notifications if row.uuid == uuid]
        instance = instances.get(uuid)
        if instance and not moments and fetched[uuid] == "missing" and _was_rehearsal(event, instance):
            continue
        if instance:
            moments.append(instance.ended_at or instance.started_at or now)
        is_young = max(moments, default=now) > now - PROCESSING
        if is_young and (known.get(uuid, "processing") == "processing" or uuid in recovered):
            awaited.add(uuid)
    return frozenset(awaited)


def _was_rehearsal(event: Event, instance: Row[Any]) -> bool:
    return is_rehearsal(instance.practice, instance.ended_at, event.start_utc, event.end_utc)


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
    if row and row.state in REMOVED and state == "completed":
        record_happening(context, connection, event_id, "recording_recovered", "A recording is there again at Zoom.")
        at = next_look(now, merged.auto_delete_date)
        change_look(connection, event_id, reported.uuid, look_at=at, missing_since=None)
        report_gone(context, connection, event_id)
    sentence = "A recording was fetched from Zoom."
    if row and row.state == state == "completed" and held and held.duration != merged.duration:
        sentence = (
            f"A recording was changed at Zoom: it had {held.duration} minutes and has {merged.duration} now. "
            "Its link on the page stays the same."
        )
    record_happening(context, connection, event_id, "recording_fetched", sentence)
