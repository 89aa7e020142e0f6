"""Notices: what an operator must know of an event, though no action of its plan waits for it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ..events import Event
from ..profiles import Profile
from .actions import About
from .hosts import foreign_clashes
from .observed import Bound, ForeignBooking
from .plans import Blocker

NOTICES: Mapping[str, About] = {"not_recorded": "webinar", "capacity_too_small": "webinar", "host_shared": "webinar"}
"""The kinds of notices, each with what it is about. A notice is an alert of this kind for as long as it lasts."""


def webinar_notices(event: Event, profile: Profile, bound: Bound, now: datetime) -> Iterator[Blocker]:
    """Yield the notices about a bound webinar."""
    yield from _capacity_notice(event, profile, bound, now)
    kept = dict(bound.known).get("settings.auto_recording")
    if event.end_utc > now and is_recorded(event, profile) and kept != "cloud":
        sentence = (
            f"The event is to be recorded, and Zoom will not record webinar {bound.webinar_id} of {bound.host}: "
            f"it keeps auto_recording = {kept}. Unlock automatic recording at Zoom."
        )
        yield Blocker(about="webinar", notice="not_recorded", sentence=sentence)


def sharing_notices(
    event: Event, profile: Profile, bound: Bound, foreign: Iterable[ForeignBooking]
) -> Iterator[Blocker]:
    """Yield the notice that webinars of others take place on the host at the time of a bound webinar."""
    others = foreign_clashes(foreign, bound.host, event, profile)
    if not others:
        return
    named = ", ".join(f"{other.webinar_id} ({other.topic}, {_span(other)})" for other in others[:5])
    sentence = (
        f"Webinar {bound.webinar_id} shares its host {bound.host} with what is not ours: webinar {named}. "
        "Move or delete one of them at Zoom, or move the event."
    )
    yield Blocker(about="webinar", notice="host_shared", sentence=sentence)


def _span(booking: ForeignBooking) -> str:
    return f"{booking.start:%Y-%m-%d %H:%M} to {booking.end:%H:%M} UTC"


def _capacity_notice(event: Event, profile: Profile, bound: Bound, now: datetime) -> Iterator[Blocker]:
    capacity = dict(bound.known).get("capacity")
    if event.end_utc > now and isinstance(capacity, int) and 0 < capacity < profile.capacity:
        sentence = (
            f"Zoom lets {capacity} attendees into webinar {bound.webinar_id} of {bound.host}, and profile "
            f"{profile.name} expects {profile.capacity}. Give the host a larger licence, or name its license_type in "
            "the profile."
        )
        yield Blocker(about="webinar", notice="capacity_too_small", sentence=sentence)


def is_recorded(event: Event, profile: Profile) -> bool:
    """Return whether an event is to be recorded to the cloud: its profile asks for it and its consent allows it."""
    return event.consent != "do_not_record" and dict(profile.settings).get("auto_recording") == "cloud"
