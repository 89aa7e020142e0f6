"""Notices: what an operator must know of an event, though no action of its plan waits for it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from ..events import Event
from ..messages import Message
from ..messages import plans as say
from ..profiles import Profile
from .adoption.planned import MADE_THERE_NOTICES, made_there_notices
from .base import About
from .elsewhere.hosts import FOREIGN_LINK, OWN_STORAGE
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
        yield from _not_recorded(found, say.WEBINAR_OF(webinar=bound.webinar_id, host=bound.host))


def creation_notices(event: Event, profile: Profile, observed: Observed, host: HostOnOffer) -> Iterator[Blocker]:
    """Yield the notices about a webinar that is still to be created on a host."""
    if is_recorded(event, profile):
        found = find_obstacles(event.id, host.email, host.records, observed.storage)
        if not found and observed.rehearsed_recording not in (None, "cloud"):
            found = (rehearsed_obstacle(host.email, str(observed.rehearsed_recording)),)
        yield from _not_recorded(found, say.A_WEBINAR_OF(host=host.email))


def _capacity_notice(profile: Profile, bound: Bound) -> Iterator[Blocker]:
    capacity = dict(bound.known).get("capacity")
    if isinstance(capacity, int) and 0 < capacity < profile.capacity:
        message = say.SMALLER(
            capacity=capacity,
            webinar=bound.webinar_id,
            host=bound.host,
            profile=profile.name,
            expected=profile.capacity,
        )
        yield Blocker(about="webinar", notice="capacity_too_small", message=message)


def _sharing_notice(event: Event, profile: Profile, bound: Bound, observed: Observed) -> Iterator[Blocker]:
    others = foreign_clashes(observed.foreign, bound.host, event, profile)
    if others:
        named = tuple(map(_name, others))
        message = say.HOST_SHARED(webinar=bound.webinar_id, host=bound.host, others=named)
        yield Blocker(about="webinar", notice="host_shared", message=message)


def _name(other: ForeignBooking) -> Message:
    return say.OTHER(webinar=other.webinar_id, topic=other.topic, begin=other.start, end=other.end, timezone="UTC")


def _not_recorded(obstacles: tuple[Obstacle, ...], which: Message) -> Iterator[Blocker]:
    if obstacles:
        causes = tuple(obstacle.cause for obstacle in obstacles)
        remedies = tuple(each for obstacle in obstacles for each in (obstacle.remedy, obstacle.retry) if each)
        message = say.NOT_RECORDED(which=which, causes=causes, remedies=remedies)
        yield Blocker(about="webinar", notice="not_recorded", message=message)
