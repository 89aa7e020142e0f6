"""Recordings that lie in the storage of the account's owner, and not in Zoom's cloud."""

from collections.abc import Iterator

from ..observed import ObservedRecording
from ..plans import Blocker
from ..special import add_link

OWN_STORAGE = "recording_in_own_storage"


def storage_notices(event_id: str, recordings: tuple[ObservedRecording, ...]) -> Iterator[Blocker]:
    """Yield one notice for the recordings whose files lie in the owner's storage."""
    outside = [recording for recording in recordings if recording.state == "completed" and recording.storage]
    if outside:
        yield Blocker(about="recording", notice=OWN_STORAGE, sentence=storage_sentence(event_id, outside[0]))


def storage_sentence(event_id: str, recording: ObservedRecording) -> str:
    """Say where a recording lies, and what to do. Whether Zoom's link plays it is not documented."""
    where = f"The files of a recording of event {event_id} lie in the account's own storage, at {recording.storage}."
    if recording.playable:
        return f"{where} Check that its link at Zoom plays them. If not, withhold it, and {add_link(event_id)}"
    return f"{where} Zoom gives no link that plays them: put them where visitors may watch, and {add_link(event_id)}"
