"""The alert for an overdue recording: raised once, and cleared when the recording appears."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from ...errors import WaitingError
from ...events import Event
from ...planning import (
    AUTO_RECORDING,
    NOTICES,
    ObservedRecording,
    Obstacle,
    choose_recordings,
    find_doubt,
    find_obstacles,
    is_recorded,
    is_rehearsal,
)
from ...planning import Bound as Webinar
from ...profiles import Profile
from ...store.alerts import Alert, clear_alert, key_of, list_alerts, raise_alert
from ...store.cloud_storage import find_storage
from ...store.events import load_event
from ...store.hosts import find_right
from ...store.recordings import load_instances, load_recordings, record_instance
from ...store.webinars import Bound, find_binding
from ...webinars import REMOVED
from ...zoom import WebinarGoneError
from ..context import Context
from ..reconcile.observe import observe_recordings
from .elsewhere import is_linked, may_be_recorded, reason_elsewhere

ALERT = "recording_missing"
_BEFORE = tuple(kind for kind, about in NOTICES.items() if about == "webinar")


def report_overdue(context: Context, event_id: str) -> str:
    """Raise the alert if the event's recording is overdue, else clear it. Return a sentence.

    Raise WaitingError while the recording may still come.
    """
    with context.database.read() as connection:
        event, bound = load_event(connection, event_id), find_binding(connection, event_id)
        noticed = list_alerts(connection, kinds=_BEFORE, subject=event_id)
    if event.end_utc <= context.clock.now():  # what was to be known before; from now on the missing recording counts
        _clear_all(context, noticed)
    if bound is None or not _is_expected(event, bound, context.profile_of(event)):
        return _clear(context, event_id, bound, "No recording is expected.")
    observed = observe_recordings(context, event)
    profile = context.profile_of(event)
    chosen, doubtful = choose_recordings(event, observed, profile)
    if chosen or doubtful or any(_is_put_aside(event, profile, recording) for recording in observed.recordings):
        return _clear(context, event_id, bound, "The recording is there.")
    if is_linked(event):
        return _clear(context, event_id, bound, "The event record links its recording.")
    due = late_from(event, context.recording_margin)
    if context.clock.now() < due:
        sentence = f"The recording is not there yet; it counts as missing from {due:%Y-%m-%d %H:%M} UTC on."
        raise WaitingError(sentence, until=due)
    sentence = reason_elsewhere(event, bound, observed.recordings) or _reason(context, event, bound)
    with context.database.begin() as connection:
        alert = Alert(kind=ALERT, subject=event_id, account=bound.account, sentence=sentence)
        raise_alert(connection, alert, context.database.now(connection))
    return sentence


def late_from(event: Event, margin: timedelta) -> datetime:
    """Return when an event's recording becomes overdue: twice the event's length after its end, plus `margin`.

    Zoom takes about twice the length of a recording, and longer under load.
    """
    return event.end_utc + 2 * (event.end_utc - event.start_utc) + margin


def _is_expected(event: Event, bound: Bound, profile: Profile) -> bool:
    """Return whether a recording should exist: its profile or its webinar records to the cloud, or it is announced.

    Also where Zoom has dropped auto_recording: then the recording is missing.
    """
    if event.consent == "do_not_record" or event.status in ("cancelled", "postponed") or bound.state == "cancelled":
        return False
    if (recorded := may_be_recorded(bound)) is not None:
        return recorded
    announced = any(entry.kind == "recording" and entry.state == "expected" for entry in event.attachments)
    return announced or is_recorded(event, profile) or dict(bound.known).get(AUTO_RECORDING) == "cloud"


def _clear_all(context: Context, alerts: Sequence[Row[Any]]) -> None:
    if alerts:
        with context.database.begin() as connection:
            for row in alerts:
                clear_alert(connection, row.key, context.database.now(connection))


def _is_put_aside(event: Event, profile: Profile, recording: ObservedRecording) -> bool:
    """Return whether a recording was removed at Zoom, or is the event's and kept back by an operator."""
    doubt = find_doubt(event, profile, recording)
    return recording.state in REMOVED or (recording.withheld and not (doubt and doubt.approval == "practice"))


def _reason(context: Context, event: Event, bound: Bound) -> str:
    """Build the sentence that says what is missing and what to check."""
    try:
        held = _was_held(context, event, bound)
    except WebinarGoneError:
        return (
            f"Webinar {bound.webinar_id} of event {event.id} is no longer at Zoom, and left no recording. "
            f"If it was held elsewhere: zoom-ops events adopt {event.id} WEBINAR_ID"
        )
    if not held:
        return (
            f"Webinar {bound.webinar_id} of event {event.id} was never held, as far as Zoom knows. "
            f"If another one was: zoom-ops events adopt {event.id} WEBINAR_ID. If none: cancel or postpone the event."
        )
    with context.database.read() as connection:
        recordings = load_recordings(connection, event.id)
    if any(row.state == "processing" for row in recordings):
        return (
            f"Zoom is still processing the recording of event {event.id}, which ended on "
            f"{event.end_utc:%Y-%m-%d %H:%M} UTC: look at Recordings on zoom.us, and ask Zoom's support."
        )
    what = "only recordings that are too short or kept back" if recordings else "no recording"
    missing = f"Event {event.id} ended on {event.end_utc:%Y-%m-%d %H:%M} UTC, and Zoom has {what}."
    if obstacles := _find_obstacles(context, event, bound):
        causes = "; ".join(obstacle.cause for obstacle in obstacles)
        remedies = " ".join(obstacle.remedy for obstacle in obstacles)
        return f"{missing} The likely cause: {causes}. Ask {bound.host} for a recording of their own. {remedies}"
    return (
        f"{missing} Check at Zoom: was it recorded, and to the cloud? "
        f"Is the storage of {bound.host} full? Was it recorded by consent?"
    )


def _find_obstacles(context: Context, event: Event, bound: Bound) -> tuple[Obstacle, ...]:
    """List what kept Zoom from recording the event, as far as it is known."""
    webinar = Webinar(
        webinar_id=bound.webinar_id,
        host=bound.host,
        state=bound.state,
        origin=bound.origin,
        known=bound.known,
        refused=bound.refused,
    )
    with context.database.read() as connection:
        records = find_right(connection, bound.account, bound.host)
        storage = find_storage(connection, bound.account)
    return find_obstacles(event.id, bound.host, records, storage, webinar)


def _was_held(context: Context, event: Event, bound: Bound) -> bool:
    """Return whether the webinar was held; ask Zoom if no notification said so. A rehearsal does not count."""
    with context.database.read() as connection:
        known = load_instances(connection, event.id)
    if any(not is_rehearsal(row.practice, row.ended_at, event.start_utc, event.end_utc) for row in known):
        return True
    reported = context.gateway(bound.account).get_instances(bound.webinar_id)
    fresh = [instance for instance in reported if instance.uuid not in {row.uuid for row in known}]
    with context.database.begin() as connection:
        for instance in fresh:
            record_instance(connection, instance.uuid, event.id, started_at=instance.start)
    return bool(fresh)


def _clear(context: Context, event_id: str, bound: Bound | None, sentence: str) -> str:
    if bound is not None:
        with context.database.begin() as connection:
            clear_alert(connection, key_of(ALERT, bound.account, event_id), context.database.now(connection))
    return sentence
