"""Whether an event's recording is expected, and why it is missing: what is said when it does not come."""

from ..events import Event
from ..planning import (
    AUTO_RECORDING,
    CONVERTED,
    SIMULIVE,
    ObservedRecording,
    add_link,
    find_doubt,
    find_obstacles,
    is_recorded,
    storage_sentence,
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
    webinar, ended = f"Webinar {bound.webinar_id} of event {event.id}", f"{event.end_utc:%Y-%m-%d %H:%M} UTC"
    if elsewhere := _where_else(facts, recordings):
        return elsewhere
    if not recordings and not facts.sessions and facts.held == "gone":
        action = f"If it was held elsewhere: zoom-ops events adopt {event.id} WEBINAR_ID"
        reason = f"{webinar} is no longer at Zoom, and left no recording."
        return Why(reason=reason, action=action, cause="no webinar at Zoom, and no recording")
    if not recordings and not facts.sessions and facts.held == "never":
        return Why(
            reason=f"{webinar} was never held, as far as Zoom knows.",
            action=f"If another one was: zoom-ops events adopt {event.id} WEBINAR_ID. "
            "If none: cancel or postpone the event.",
            cause="never held, as far as Zoom knows",
        )
    reason = f"Event {event.id} ended on {ended}, and Zoom has {_what_there_is(facts, recordings)}."
    obstacles = find_obstacles(event.id, bound.host, bound.host_records, facts.observed.storage, bound)
    if obstacles:
        causes = "; ".join(obstacle.cause for obstacle in obstacles)
        remedies = " ".join(obstacle.remedy for obstacle in obstacles)
        reason = f"{reason} The likely cause: {causes}."
        return Why(reason=reason, action=f"Ask {bound.host} for a recording of their own. {remedies}", cause=causes)
    least = "If one of them is the event, lower min_recording_minutes in its profile: then it is published. If not: "
    return Why(
        reason=reason,
        action=f"{least if recordings else ''}Check at Zoom: was it recorded, and to the cloud? "
        f"Is the storage of {bound.host} full? Was it recorded by consent? Once Zoom has it: "
        f"zoom-ops run fetch_recordings --event {event.id}",
        cause="only recordings that are too short" if recordings else "Zoom has no recording",
    )


def why_processing(facts: EventFacts) -> Why:
    """Say that Zoom is still at work on the recording, and whom to ask."""
    event = facts.event
    return Why(
        reason=f"Zoom is still processing the recording of event {event.id}, which ended on "
        f"{event.end_utc:%Y-%m-%d %H:%M} UTC:",
        action="look at Recordings on zoom.us, and ask Zoom's support.",
        cause="Zoom is still processing the recording",
    )


def _what_there_is(facts: EventFacts, recordings: tuple[ObservedRecording, ...]) -> str:
    if not recordings:
        return "only what an operator keeps back" if facts.observed.recordings else "no recording"
    lengths = ", ".join(f"{recording.duration} min" for recording in recordings[:5])
    least = facts.profile.min_recording_minutes
    some = "only a recording" if len(recordings) == 1 else f"only {len(recordings)} recordings"
    return f"{some} shorter than the {least} min of profile {facts.profile.name} ({lengths})"


def _where_else(facts: EventFacts, recordings: tuple[ObservedRecording, ...]) -> Why | None:
    """Say that the recording is not in Zoom's cloud; None where it is, or where nothing is known."""
    event, bound = facts.event, facts.observed.bound
    assert bound is not None  # noqa: S101 - as above
    outside = [recording for recording in recordings if recording.storage]
    if outside:
        return Why(reason=storage_sentence(event.id, outside[0]), told=outside[0].state == "completed")
    known = dict(bound.known)
    if recordings:
        return None
    webinar = f"Webinar {bound.webinar_id} of event {event.id}"
    if known.get(AUTO_RECORDING) == "local":
        return Why(
            reason=f"{webinar} was recorded on the computer of {bound.host}, not in Zoom's cloud.",
            action=f"Upload the file to where visitors may watch it, and {add_link(event.id)}",
            cause="recorded on the host's computer, not in Zoom's cloud",
        )
    if known.get(CONVERTED):
        return Why(
            reason=f"{webinar} was made a meeting at Zoom, and Zoom has no recording under that number.",
            action=f"If the event was recorded elsewhere, {add_link(event.id)}",
            cause="made a meeting at Zoom, and not recorded under that number",
        )
    return None
