"""Recordings that Zoom no longer has: saved as removed, and told to operators where no notification said so."""

from sqlalchemy import Connection

from ...messages import alerts as say
from ...store.alerts import Alert, clear_alert, key_of, raise_alert
from ...store.recordings import find_recording, load_recordings, read_recording, save_recording
from ...store.webinars import find_binding
from ...webinars import Recording, RecordingState
from ..context import Context
from ..timeline import record_happening

ALERT = "recording_gone"
_SENTENCES = {
    "trashed": "A recording was trashed at Zoom.",
    "deleted": "A recording was deleted at Zoom.",
    "gone": "Zoom no longer has a recording, and no notification said so.",
}


def save_removed(context: Context, connection: Connection, event_id: str, uuid: str, state: RecordingState) -> None:
    """Save a recording as removed, also one of which nothing else is known. Idempotent."""
    row = find_recording(connection, uuid)
    if row is not None and row.state == state:
        return
    unknown = Recording(uuid=uuid, webinar_id=0, type=0, topic="", start=None, duration=0, share_url=None)
    held = read_recording(row, context.box, 0) if row else unknown
    save_recording(connection, context.box, event_id, held, state, context.database.now(connection))
    record_happening(context, connection, event_id, "recording_removed", _SENTENCES[state])
    report_gone(context, connection, event_id)


def report_gone(context: Context, connection: Connection, event_id: str) -> None:
    """Raise the alert that recordings of an event are gone, or clear it where none is."""
    bound = find_binding(connection, event_id)
    account, now = bound.account if bound else None, context.database.now(connection)
    days = tuple(row.started_at.date() for row in load_recordings(connection, event_id) if row.state == "gone")
    if not days:
        clear_alert(connection, key_of(ALERT, account, event_id), now)
        return
    message = say.RECORDING_GONE(
        count=len(days),
        days=days,
        event=event_id,
        of=say.OF_HOST(host=bound.host) if bound else None,
        job="fetch_recordings",
    )
    raise_alert(connection, Alert(kind=ALERT, subject=event_id, account=account, message=message), now)
