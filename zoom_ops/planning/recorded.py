"""Whether Zoom will record an event to its cloud, and what stands in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..events import Event
from ..messages import Message
from ..messages import plans as say
from ..profiles import Profile
from ..webinars import CloudStorage
from .base import Fields
from .guard import CALM_BEFORE_START
from .observed import Bound

AUTO_RECORDING = "settings.auto_recording"
ASK_AGAIN_AFTER = timedelta(days=1)  # Zoom allows a host 100 changes a day: one webinar of a host asks for all of them


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One reason why Zoom does not record to its cloud: a clause, then what to change for whom."""

    cause: Message
    remedy: Message
    retry: Message | None = None  # when the service asks Zoom again


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
    return Obstacle(cause=say.REHEARSED(kept=kept), remedy=say.UNLOCK(host=host))


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
    stays = say.STAYS_ON_COMPUTER() if kept == "local" else None
    again = say.ASKED_DAILY(event=event_id)
    if records is False:
        cause = say.HOST_HAS_NO_RIGHT(host=host, stays=stays)
        yield Obstacle(cause=cause, remedy=say.GIVE_THE_RIGHT(host=host), retry=again)
    elif bound and kept not in ("cloud", None) and is_refused(bound):
        yield Obstacle(cause=say.DROPPED(kept=kept, stays=stays), remedy=say.UNLOCK(host=host), retry=again)
    elif bound and kept not in ("cloud", None):
        cause = say.CHANGED_THERE(kept=kept, stays=stays)
        yield Obstacle(cause=cause, remedy=say.CHANGE_BACK(webinar=bound.webinar_id))
    if storage and storage.is_full:
        yield Obstacle(cause=say.STORAGE_FULL(), remedy=say.MAKE_ROOM())
