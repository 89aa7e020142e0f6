"""Links that play a recording at Zoom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from ...webinars import Recording


@dataclass(frozen=True, kw_only=True)
class RecordingLink:
    """Where a recording plays at Zoom. Without `?pwd=` in `url`, a person has to type `passcode` there."""

    url: str
    passcode: str | None = field(default=None, repr=False)


def link_to(recording: Recording, preferred: Sequence[str]) -> RecordingLink | None:
    """Build the viewer's link: the share link, else the preferred file that plays; None where nothing plays.

    `?pwd=` takes only the encoded form of the passcode.
    """
    order = {kind: place for place, kind in enumerate(preferred)}
    playing = [file for file in recording.files if file.play_url]
    playing.sort(key=lambda file: order.get(file.recording_type or "", len(order)))
    address = recording.share_url or (playing[0].play_url if playing else None)
    if address is None:
        return None
    if recording.play_passcode:
        separator = "&" if "?" in address else "?"
        return RecordingLink(url=f"{address}{separator}pwd={quote(recording.play_passcode, safe='')}")
    return RecordingLink(url=address, passcode=recording.passcode)
