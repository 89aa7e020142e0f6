"""Notices: what an operator must know of an event, though no action of its plan waits for it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from ..events import Event
from ..profiles import Profile
from .adoption.planned import MADE_THERE_NOTICES, made_there_notices
from .base import About
from .elsewhere.hosts import FOREIGN_LINK
from .elsewhere.own_storage import OWN_STORAGE
from .hosts import foreign_clashes
from .links.planned import NOT_HIDDEN
from .observed import Bound, ForeignBooking, HostOnOffer, Observed
from .plans import Blocker
from .recorded import AUTO_RECORDING, Obstacle, find_obstacles, is_recorded, is_refused, rehearsed_obstacle
from .recordings.expiry import EXPIRES
from .special import SIMULIVE, SPECIAL_NOTICES, is_special

NOTICES: Mapping[str, About] = {
    **dict.fromkeys(("not_recorded", "capacity_too_small", "host_shared"), "webinar"),
    **dict.fromkeys((*SPECIAL_NOTICES, *MADE_THERE_NOTICES), "webinar"),
    "passcode_unknown": "recording",
    "recording_restricted": "recording",
    "rehearsal_in_recording": "recording",
    "sharing_unknown": "recording",
    EXPIRES: "recording",
    OWN_STORAGE: "recording",
    FOREIGN_LINK: "recording",
    NOT_HIDDEN: "link",
    **dict.fromkeys(("panelists_full", "seat_refused"), "panelists"),
}
"""The kinds of notices, each with what it is about. A notice is an alert of this kind for as long as it lasts."""


def webinar_notices(
    event: Event, profile: Profile, observed: Observed, now: datetime, changing: Collection[str] = ()
) -> Iterator[Blocker]:
    """Yield the notices about a bound webinar; `changing` are the fields that its plan changes."""
    bound = observed.bound
    if bound is None or event.end_utc <= now:
        return
    if observed.made_there:
        yield from made_there_notices(event, observed.made_there, bound.webinar_id, bound.origin)
    yield from _capacity_notice(profile, bound)
    yield from _sharing_notice(event, profile, bound, observed)
    if is_recorded(event, profile) and not is_special(bound, SIMULIVE):
        is_asked = AUTO_RECORDING in changing and not is_refused(bound)  # what Zoom keeps now is about to change
        found = find_obstacles(event.id, bound.host, bound.host_records, observed.storage, None if is_asked else bound)
        yield from _not_recorded(found, f"webinar {bound.webinar_id} of {bound.host}")


def creation_notices(event: Event, profile: Profile, observed: Observed, host: HostOnOffer) -> Iterator[Blocker]:
    """Yield the notices about a webinar that is still to be created on a host."""
    if is_recorded(event, profile):
        found = find_obstacles(event.id, host.email, host.records, observed.storage)
        if not found and observed.rehearsed_recording not in (None, "cloud"):
            found = (rehearsed_obstacle(host.email, str(observed.rehearsed_recording)),)
        yield from _not_recorded(found, f"a webinar of {host.email}")


def _capacity_notice(profile: Profile, bound: Bound) -> Iterator[Blocker]:
    capacity = dict(bound.known).get("capacity")
    if isinstance(capacity, int) and 0 < capacity < profile.capacity:
        sentence = (
            f"Zoom lets {capacity} attendees into webinar {bound.webinar_id} of {bound.host}, and profile "
            f"{profile.name} expects {profile.capacity}. Give the host a larger licence, or name its license_type in "
            "the profile."
        )
        yield Blocker(about="webinar", notice="capacity_too_small", sentence=sentence)


def _sharing_notice(event: Event, profile: Profile, bound: Bound, observed: Observed) -> Iterator[Blocker]:
    others = foreign_clashes(observed.foreign, bound.host, event, profile)
    if others:
        named = ", ".join(f"{other.webinar_id} ({other.topic}, {_span(other)})" for other in others[:5])
        sentence = (
            f"Webinar {bound.webinar_id} shares its host {bound.host} with what is not ours: webinar {named}. "
            "Move or delete one of them at Zoom, or move the event."
        )
        yield Blocker(about="webinar", notice="host_shared", sentence=sentence)


def _span(booking: ForeignBooking) -> str:
    return f"{booking.start:%Y-%m-%d %H:%M} to {booking.end:%H:%M} UTC"


def _not_recorded(obstacles: tuple[Obstacle, ...], webinar: str) -> Iterator[Blocker]:
    if obstacles:
        causes = "; ".join(obstacle.cause for obstacle in obstacles)
        remedies = " ".join(f"{obstacle.remedy} {obstacle.retry}".strip() for obstacle in obstacles)
        sentence = f"The event is to be recorded, and Zoom will not record {webinar}: {causes}. {remedies}"
        yield Blocker(about="webinar", notice="not_recorded", sentence=sentence)
