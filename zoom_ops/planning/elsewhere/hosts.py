"""Where recordings may play: at Zoom, and at the hosts that the settings name. A link elsewhere is never followed.

Their files may lie in the storage of the account's owner, and not in Zoom's cloud.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from ...linear import split_url
from ...messages import Message, all_of, effects
from ...messages import recordings as say
from ...webinars import Recording
from ..actions import Action, WithdrawRecording
from ..observed import ObservedRecording
from ..plans import Blocker

FOREIGN_LINK, OWN_STORAGE = "recording_link_foreign", "recording_in_own_storage"
FEW_ELSEWHERE = 10  # events; if the recordings of more lead elsewhere, rather a setting of ours is wrong
ELSEWHERE_LATELY = timedelta(days=30)  # for so long one counts that is not published, or no longer
_ZOOM = ("zoom.us", "zoomgov.com", "zoom.com")  # and every host below them, such as that of a vanity URL
_PLACE = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")  # without a user, and what browsers read otherwise


def plays_at(address: str | None, hosts: Collection[str]) -> bool:
    """Return whether an address leads to Zoom by https, or to one of these hosts."""
    parts = _split(address)
    if parts is None:
        return False
    scheme, host, port = parts
    if host in hosts or f"{host}{port}" in hosts:
        return True
    at_zoom = any(host == known or host.endswith(f".{known}") for known in _ZOOM)
    return at_zoom and scheme == "https" and port in ("", ":443")


def iter_links(recording: Recording, preferred: Sequence[str] = ()) -> Iterator[str]:
    """Yield the links that Zoom gives to play a recording, the best first, wherever they lead."""
    order = {kind: place for place, kind in enumerate(preferred)}
    playing = sorted(recording.files, key=lambda file: order.get(file.recording_type or "", len(order)))
    yield from filter(None, (recording.share_url, *(file.play_url for file in playing)))


def practice_hosts(apis: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts at which recordings of a practice Zoom play, by the addresses of the accounts' APIs."""
    practices = [parts[1] for parts in map(_split, apis) if parts and not plays_at(f"https://{parts[1]}", ())]
    return (*practices, "localhost", "127.0.0.1", "[::1]") if practices else ()


def name_host(address: str) -> str:
    """Return the host of an address for a sentence, and nothing that may be secret."""
    parts = _split(address)
    return parts[1][:100] if parts else "an address that cannot be read"


def leads_elsewhere(action: Action) -> bool:
    """Return whether an action withdraws a recording because its link leads to where none may play."""
    reason = action.reason if isinstance(action, WithdrawRecording) else None
    return reason is not None and reason.kind is effects.LED_ELSEWHERE


def foreign_notices(
    event_id: str, recordings: Collection[ObservedRecording], held: Message | None = None
) -> Iterator[Blocker]:
    """Yield why recordings are not published whose links lead elsewhere, and what to set if that is right.

    `held`: why published ones stay, where many lead elsewhere. Nothing waits for a decision then: the run looks again
    by itself, so that a corrected setting is all that is needed.
    """
    foreign = [recording for recording in recordings if recording.state == "completed" and recording.foreign_host]
    if not foreign:
        return
    message = say.LEADS_ELSEWHERE(event=event_id, host=foreign[0].foreign_host)
    told = all_of((message, held)) if held else message
    yield Blocker(about="recording", notice=FOREIGN_LINK, message=told)
    yield Blocker(about="recording", message=message)  # a run that waits looks again by itself
    if held:
        yield Blocker(about="recording", message=held, unsafe=True)


def storage_notices(event_id: str, recordings: tuple[ObservedRecording, ...]) -> Iterator[Blocker]:
    """Yield one notice for the recordings whose files lie in the owner's storage."""
    outside = [recording for recording in recordings if recording.state == "completed" and recording.storage]
    if outside:
        yield Blocker(about="recording", notice=OWN_STORAGE, message=say_storage(event_id, outside[0]))


def say_storage(event_id: str, recording: ObservedRecording) -> Message:
    """Say where a recording lies, and what to do. Whether Zoom's link plays it is not documented."""
    lies = say.IN_OWN_STORAGE if recording.playable else say.ONLY_IN_OWN_STORAGE
    return lies(event=event_id, storage=recording.storage)


def _split(address: str | None) -> tuple[str, str, str] | None:
    """Split an address into scheme, host and port; None for what is no plain address of the web."""
    try:
        parts = split_url(address or "")
    except ValueError:
        return None
    place = _PLACE.fullmatch(parts.netloc.lower())
    if place is None or parts.scheme not in ("http", "https"):
        return None
    return parts.scheme, place[1], place[2] or ""
