"""Recordings that Zoom's cloud does not have: why, and how they come to the event's page all the same."""

from collections.abc import Sequence

from ...events import Event
from ...planning import CONVERTED, SIMULIVE, ObservedRecording, add_link, storage_sentence
from ...store.webinars import Bound


def is_linked(event: Event) -> bool:
    """Return whether the event record itself links a recording."""
    return any(entry.kind == "recording" and entry.state == "available" and entry.url for entry in event.attachments)


def may_be_recorded(bound: Bound) -> bool | None:
    """Return whether a webinar records at all, wherever to; None: its setting for the cloud decides."""
    known = dict(bound.known)
    if known.get(SIMULIVE):
        return False
    return True if known.get("settings.auto_recording") == "local" else None


def reason_elsewhere(event: Event, bound: Bound, recordings: Sequence[ObservedRecording]) -> str | None:
    """Build the sentence about a recording that is missing because it is elsewhere; None where it is not."""
    known = dict(bound.known)
    outside = [recording for recording in recordings if recording.storage]
    if outside:
        return storage_sentence(event.id, outside[0])
    if recordings:
        return None
    if known.get("settings.auto_recording") == "local":
        return (
            f"Webinar {bound.webinar_id} of event {event.id} was recorded on the computer of {bound.host}, not in "
            f"Zoom's cloud. Upload the file to where visitors may watch it, and {add_link(event.id)}"
        )
    if known.get(CONVERTED):
        return (
            f"Webinar {bound.webinar_id} of event {event.id} was made a meeting at Zoom, and Zoom has no recording "
            f"under that number. If the event was recorded elsewhere, {add_link(event.id)}"
        )
    return None
