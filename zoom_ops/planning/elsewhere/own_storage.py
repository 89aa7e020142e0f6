"""Recordings that lie in the storage of the account's owner, and not in Zoom's cloud."""

from collections.abc import Iterator

from ...messages import Message
from ...messages import recordings as say
from ..observed import ObservedRecording
from ..plans import Blocker

OWN_STORAGE = "recording_in_own_storage"


def storage_notices(event_id: str, recordings: tuple[ObservedRecording, ...]) -> Iterator[Blocker]:
    """Yield one notice for the recordings whose files lie in the owner's storage."""
    outside = [recording for recording in recordings if recording.state == "completed" and recording.storage]
    if outside:
        yield Blocker(about="recording", notice=OWN_STORAGE, message=say_storage(event_id, outside[0]))


def say_storage(event_id: str, recording: ObservedRecording) -> Message:
    """Say where a recording lies, and what to do. Whether Zoom's link plays it is not documented."""
    lies = say.IN_OWN_STORAGE if recording.playable else say.ONLY_IN_OWN_STORAGE
    return lies(event=event_id, storage=recording.storage)
