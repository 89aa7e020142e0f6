"""What operators read of the webinar that the system of a home makes."""

from datetime import datetime

from ...events import Event
from ..observed import Bound
from ..plans import Blocker
from ..special import gone_sentence
from .planned import MadeThere, another_number, choose_webinar, made_there_notices, numbers_of


def say_webinar(event: Event, records: tuple[MadeThere, ...], bound: Bound | None, now: datetime) -> str:
    """Say what there is to know of the webinar that homes make for an event; empty if nothing is."""
    if not records:
        return ""
    if bound is None or bound.state != "bound":
        if event.status in ("cancelled", "postponed") or event.end_utc <= now:
            return ""
        if bound and bound.state == "gone" and another_number(records, bound.webinar_id) is None:
            return gone_sentence(event.id, bound)
        chosen = choose_webinar(event, records, now)
        return chosen.sentence if isinstance(chosen, Blocker) else f"Webinar {chosen} is adopted." if chosen else ""
    number = bound.webinar_id
    notices = made_there_notices(event, records, number, bound.origin)
    same = f"Webinar {number} was made there, and is the event's." if number in numbers_of(records) else ""
    return next((notice.sentence for notice in notices), same)
