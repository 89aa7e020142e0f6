"""Whether an event's recording is expected, and why it is missing: what is said when it does not come."""

from datetime import timedelta

from ..events import Event
from ..messages import Message, Value
from ..messages import stages as say
from ..planning import (
    AUTO_RECORDING,
    CONVERTED,
    SIMULIVE,
    ObservedRecording,
    find_doubt,
    find_obstacles,
    is_recorded,
    say_storage,
)
from ..webinars import REMOVED
from .facts import EventFacts
from .making import Why


def is_linked(event: Event) -> bool:
    """Return whether the event record itself links a recording."""
    return any(entry.kind == "recording" and entry.state == "available" and entry.url for entry in event.attachments)


def is_expected(facts: EventFacts) -> bool:
    """Return whether a recording should exist: its profile or its webinar records to the cloud, or it is announced.

    Also where Zoom has dropped auto_recording: then the recording is missing.
    """
    event, bound = facts.event, facts.observed.bound
    if event.consent == "do_not_record" or event.status in ("cancelled", "postponed"):
        return False
    if bound is None:
        return not facts.is_over and is_recorded(event, facts.profile)
    if bound.state == "cancelled":
        return False
    known = dict(bound.known)
    if known.get(SIMULIVE):
        return False
    announced = any(entry.kind == "recording" and entry.state == "expected" for entry in event.attachments)
    return announced or is_recorded(event, facts.profile) or known.get(AUTO_RECORDING) in ("cloud", "local")


def is_rehearsal_kept_back(facts: EventFacts, recording: ObservedRecording) -> bool:
    """Return whether an operator keeps a recording back that may be a rehearsal: the event's own is still expected."""
    doubt = find_doubt(facts.event, facts.profile, recording)
    return recording.withheld and bool(doubt and doubt.approval == "practice")


def is_put_aside(facts: EventFacts, recording: ObservedRecording) -> bool:
    """Return whether a recording was removed at Zoom, or is the event's and kept back by an operator."""
    return recording.state in REMOVED or (recording.withheld and not is_rehearsal_kept_back(facts, recording))


def why_missing(facts: EventFacts, recordings: tuple[ObservedRecording, ...]) -> Why:
    """Say why there is no recording to publish, and what to check. `recordings` are those that are too short."""
    event, bound = facts.event, facts.observed.bound
    assert bound is not None  # noqa: S101 - without a webinar no recording is expected
    which: dict[str, Value] = {"event": event.id, "webinar": bound.webinar_id}
    if elsewhere := _where_else(facts, recordings):
        return elsewhere
    if not recordings and not facts.sessions and facts.held == "gone":
        return Why(message=say.GONE_AT_ZOOM(**which))
    if not recordings and not facts.sessions and facts.held == "never":
        return Why(message=say.NEVER_HELD(**which))
    ended: dict[str, Value] = {
        "event": event.id,
        "end": event.end_utc,
        "what": _what_there_is(facts, recordings),
        "host": bound.host,
    }
    obstacles = find_obstacles(event.id, bound.host, bound.host_records, facts.observed.storage, bound)
    if obstacles:
        causes = tuple(obstacle.cause for obstacle in obstacles)
        remedies = tuple(obstacle.remedy for obstacle in obstacles)
        return Why(message=say.NOT_RECORDED_FOR(**ended, causes=causes, remedies=remedies))
    missing = say.TOO_SHORT if recordings else say.NO_RECORDING
    return Why(message=missing(**ended, job="fetch_recordings"))


def why_processing(facts: EventFacts) -> Why:
    """Say that Zoom is still at work on the recording, and whom to ask."""
    return Why(message=say.PROCESSING(event=facts.event.id, end=facts.event.end_utc))


def _what_there_is(facts: EventFacts, recordings: tuple[ObservedRecording, ...]) -> Message:
    if not recordings:
        return say.ONLY_KEPT_BACK() if facts.observed.recordings else say.NOTHING_THERE()
    return say.ONLY_SHORT(
        count=len(recordings),
        least=facts.profile.min_recording_minutes,
        profile=facts.profile.name,
        lengths=tuple(timedelta(minutes=recording.duration) for recording in recordings[:5]),
    )


def _where_else(facts: EventFacts, recordings: tuple[ObservedRecording, ...]) -> Why | None:
    """Say that the recording is not in Zoom's cloud; None where it is, or where nothing is known."""
    event, bound = facts.event, facts.observed.bound
    assert bound is not None  # noqa: S101 - as above
    outside = [recording for recording in recordings if recording.storage]
    if outside:
        return Why(message=say_storage(event.id, outside[0]), told=outside[0].state == "completed")
    known = dict(bound.known)
    if recordings:
        return None
    if known.get(AUTO_RECORDING) == "local":
        return Why(message=say.ON_A_COMPUTER(event=event.id, webinar=bound.webinar_id, host=bound.host))
    if known.get(CONVERTED):
        return Why(message=say.MADE_A_MEETING(event=event.id, webinar=bound.webinar_id))
    return None
