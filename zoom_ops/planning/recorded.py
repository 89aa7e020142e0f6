"""Whether Zoom will record an event to its cloud, and what stands in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..events import Event
from ..profiles import Profile
from ..webinars import CloudStorage
from .base import Fields
from .guard import CALM_BEFORE_START
from .observed import Bound

AUTO_RECORDING = "settings.auto_recording"
ASK_AGAIN_AFTER = timedelta(days=1)  # Zoom allows a host 100 changes a day: one webinar of a host asks for all of them


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One reason why Zoom does not record to its cloud: a clause, then sentences of what to change for whom."""

    cause: str
    remedy: str
    retry: str = ""  # when the service asks Zoom again


def is_recorded(event: Event, profile: Profile) -> bool:
    """Return whether an event is to be recorded to the cloud: its profile asks for it and its consent allows it."""
    return event.consent != "do_not_record" and dict(profile.settings).get("auto_recording") == "cloud"


def kept_recording(known: Fields) -> str | None:
    """Return the auto_recording that Zoom keeps for a webinar: cloud, local, none; None if Zoom did not say."""
    kept = dict(known).get(AUTO_RECORDING)
    return None if kept is None else str(kept)


def is_refused(bound: Bound) -> bool:
    """Return whether Zoom dropped auto_recording = cloud when it was last asked for."""
    return dict(bound.refused).get(AUTO_RECORDING) == "cloud"


def find_obstacles(
    event_id: str, host: str, records: bool | None, storage: CloudStorage | None, bound: Bound | None = None
) -> tuple[Obstacle, ...]:
    """List what keeps Zoom from recording an event's webinar, or one that is still to be created on a host.

    `records`: whether the host may record to the cloud; None if that is unknown. `storage`: that of its account.
    """
    return tuple(_iter_obstacles(event_id, host, records, storage, bound))


def rehearsed_obstacle(host: str, kept: str) -> Obstacle:
    """Build the obstacle that a rehearsal found. The first webinar shows whether it still stands."""
    return Obstacle(
        cause=f"a rehearsal found that Zoom drops auto_recording = cloud and keeps auto_recording = {kept}",
        remedy=_unlock(host),
    )


def asks_again(value: Any, bound: Bound, now: datetime) -> bool:
    """Return whether to ask again for an auto_recording that Zoom dropped: a person may have unlocked it.

    Once a day for all webinars of a host, not from shortly before the start on, and not for `cloud` while the host has
    no right to it. An operator may ask at any time.
    """
    if bound.ask_again:
        return True
    start = dict(bound.known).get("start")
    soon = isinstance(start, str) and now >= datetime.fromisoformat(start) - CALM_BEFORE_START
    if bound.live or soon or (value == "cloud" and bound.host_records is False):
        return False
    return bound.recording_refused_at is None or now - bound.recording_refused_at >= ASK_AGAIN_AFTER


def changes_with_time(refused: Fields) -> bool:
    """Return whether the plan of a webinar that is not over may change though nothing is written: see `asks_again`.

    `refused`: the fields that Zoom dropped.
    """
    return AUTO_RECORDING in dict(refused)


def _iter_obstacles(
    event_id: str, host: str, records: bool | None, storage: CloudStorage | None, bound: Bound | None
) -> Iterator[Obstacle]:
    kept = kept_recording(bound.known) if bound else "cloud"
    stays = "; a local recording stays on the host's computer" if kept == "local" else ""
    if records is False:
        yield Obstacle(
            cause=f"{host} has no right to record to the cloud{stays}",
            remedy=f"A Zoom administrator gives it: User Management > Users > {host} > Settings > Recording > Cloud "
            f"recording, or the same for the host's group.",
            retry=_again(event_id),
        )
    elif bound and kept not in ("cloud", None):
        yield _kept_back(event_id, host, bound, f"{kept}{stays}")
    if storage and storage.is_full:
        yield Obstacle(
            cause="the cloud storage of its Zoom account is full",
            remedy="A Zoom administrator deletes recordings or buys storage: Account Management > Billing on zoom.us. "
            "A plan that pays for storage by use records all the same.",
        )


def _kept_back(event_id: str, host: str, bound: Bound, kept: str) -> Obstacle:
    if is_refused(bound):
        return Obstacle(
            cause=f"Zoom dropped auto_recording = cloud, as it does under a lock, and keeps auto_recording = {kept}",
            remedy=_unlock(host),
            retry=_again(event_id),
        )
    return Obstacle(
        cause=f"somebody changed it at Zoom to auto_recording = {kept}",
        remedy=f"The host edits webinar {bound.webinar_id} on zoom.us: Automatically record webinar, in the cloud. Or "
        'let the profile put it back: auto_recording = "ours" under [drift].',
    )


def _unlock(host: str) -> str:
    return (
        "A Zoom administrator unlocks Automatic recording on zoom.us: Account Management > Account Settings > "
        f"Recording, or User Management > Groups for the group of {host}."
    )


def _again(event_id: str) -> str:
    return f"The service asks for it again once a day. To ask at once: zoom-ops apply --event {event_id} --force"
