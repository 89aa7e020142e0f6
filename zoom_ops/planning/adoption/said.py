"""What operators read of the webinar that the system of a home makes."""

from datetime import datetime

from ...events import Event
from ...messages import Message
from ...messages import plans as say
from ..observed import Bound
from ..plans import Blocker
from ..special import say_gone
from .planned import MadeThere, another_number, choose_webinar, made_there_notices, numbers_of


def say_webinar(event: Event, records: tuple[MadeThere, ...], bound: Bound | None, now: datetime) -> Message | None:
    """Say what there is to know of the webinar that homes make for an event; None if nothing is."""
    if not records:
        return None
    if bound is None or bound.state != "bound":
        if event.status in ("cancelled", "postponed") or event.end_utc <= now:
            return None
        if bound and bound.state == "gone" and another_number(records, bound.webinar_id) is None:
            return say_gone(event.id, bound)
        chosen = choose_webinar(event, records, now)
        if isinstance(chosen, Blocker):
            return chosen.message
        return say.ADOPTED(webinar=chosen) if chosen else None
    number = bound.webinar_id
    notices = made_there_notices(event, records, number, bound.origin)
    same = say.ITS_OWN(webinar=number) if number in numbers_of(records) else None
    return next((notice.message for notice in notices), same)
