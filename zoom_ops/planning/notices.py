"""Notices: what an operator must know of an event, though no action of its plan waits for it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ..events import Event
from ..profiles import Profile
from .actions import About
from .observed import Bound
from .plans import Blocker

NOTICES: Mapping[str, About] = {"not_recorded": "webinar", "seat_refused": "panelists", "panelists_full": "panelists"}
"""The kinds of notices, each with what it is about. A notice is an alert of this kind for as long as it lasts."""


def webinar_notices(event: Event, profile: Profile, bound: Bound, now: datetime) -> Iterator[Blocker]:
    """Yield the notices about a bound webinar."""
    kept = dict(bound.known).get("settings.auto_recording")
    if event.end_utc > now and is_recorded(event, profile) and kept != "cloud":
        sentence = (
            f"The event is to be recorded, and Zoom will not record webinar {bound.webinar_id} of {bound.host}: "
            f"it keeps auto_recording = {kept}. Unlock automatic recording at Zoom."
        )
        yield Blocker(about="webinar", notice="not_recorded", sentence=sentence)


def is_recorded(event: Event, profile: Profile) -> bool:
    """Return whether an event is to be recorded to the cloud: its profile asks for it and its consent allows it."""
    return event.consent != "do_not_record" and dict(profile.settings).get("auto_recording") == "cloud"
