"""One recording: fetched from Zoom, and put together with what we hold of it."""

from dataclasses import replace
from typing import Literal

from sqlalchemy import Connection

from ..planning.merging import merge_recording, state_after
from ..store.alerts import Alert, clear_alert
from ..store.recordings import find_recording, read_recording, record_instance, save_recording
from ..webinars import Recording, RecordingState
from ..zoom.errors import NoRecordingError
from .context import Context
from .telling import tell

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
        tell(context, connection, event_id, "recording_recovered", "A recording is there again at Zoom.")
    tell(context, connection, event_id, "recording_fetched", "A recording was fetched from Zoom.")


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
        tell(context, connection, event_id, "recording_removed", f"A recording was {removed} at Zoom.")
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
