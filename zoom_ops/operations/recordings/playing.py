"""Where a recording plays at Zoom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from ...webinars import Recording


@dataclass(frozen=True, kw_only=True)
class RecordingLink:
    """Where a recording plays at Zoom; without `?pwd=` in it, `passcode` is what a person has to type there."""

    url: str
    passcode: str | None = field(default=None, repr=False)


def link_to(recording: Recording, preferred: Sequence[str]) -> RecordingLink | None:
    """Build the viewer's link: the share link, else the preferred file; `?pwd=` takes the encoded form only."""
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
