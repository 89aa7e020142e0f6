"""Links that play a recording at Zoom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from ...planning import iter_links, plays_at
from ...webinars import Recording


@dataclass(frozen=True, kw_only=True)
class RecordingLink:
    """Where a recording plays at Zoom. Without `?pwd=` in `url`, a person has to type `passcode` there."""

    url: str
    passcode: str | None = field(default=None, repr=False)


def link_to(recording: Recording, preferred: Sequence[str], hosts: Collection[str]) -> RecordingLink | None:
    """Build the viewer's link: the share link, else the preferred file that plays; None where nothing plays.

    A link that leads neither to Zoom nor to one of the hosts does not count. `?pwd=` takes only the encoded form of the
    passcode.
    """
    address = next((link for link in iter_links(recording, preferred) if plays_at(link, hosts)), None)
    if address is None:
        return None
    if recording.play_passcode:
        separator = "&" if "?" in address else "?"
        return RecordingLink(url=f"{address}{separator}pwd={quote(recording.play_passcode, safe='')}")
    return RecordingLink(url=address, passcode=recording.passcode)
