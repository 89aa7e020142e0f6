"""Webinars that Zoom treats unlike others: made by Zoom Events, simulive, converted to a meeting."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from ..events import Event
from ..messages import Message
from ..messages import plans as say
from .actions import Action, CancelWebinar, UpdateWebinar
from .base import name_fields
from .observed import Bound
from .plans import Blocker

MADE_BY_EVENTS, SIMULIVE, CONVERTED = "made_by_events", "is_simulive", "converted"
"""What is known of a bound webinar, beside its fields."""
NEWER = {name: f"newer:{name}" for name in ("topic", "start", "duration", "timezone")}
"""Fields that Zoom has newer than a restored backup, with the fact that keeps the value which it would put back."""
LASTING = (MADE_BY_EVENTS, *NEWER.values())
"""What Zoom does not report, and what therefore stays known when the webinar is read again."""

_SIMULIVE_NOTICE, _CONVERTED_NOTICE = "webinar_simulive", "webinar_converted"
SPECIAL_NOTICES = (_SIMULIVE_NOTICE, _CONVERTED_NOTICE)


def treated_specially(
    event: Event, bound: Bound | None, now: datetime, found: Iterable[Action | Blocker]
) -> Iterator[Action | Blocker]:
    """Yield what was planned for a webinar, with its notices, and with a blocker for what Zoom lets no app do."""
    for entry in found:
        if bound and is_special(bound, MADE_BY_EVENTS) and isinstance(entry, UpdateWebinar | CancelWebinar):
            yield Blocker(about="webinar", message=say_unchangeable(entry), refused=True)
        else:
            yield entry
    if bound and event.end_utc > now:
        yield from _notices(event, bound)


def is_special(bound: Bound, fact: str) -> bool:
    """Return whether this is known of a bound webinar."""
    return dict(bound.known).get(fact) is True


def say_unchangeable(action: UpdateWebinar | CancelWebinar) -> Message:
    """Say that a webinar was made by Zoom Events, and what has to be changed there."""
    if isinstance(action, CancelWebinar):
        return say.MADE_BY_EVENTS_CANCELLED(webinar=action.webinar_id)
    return say.MADE_BY_EVENTS(webinar=action.webinar_id, fields=name_fields(action.fields))


def say_gone(event_id: str, bound: Bound) -> Message:
    """Say what became of a webinar that is no longer there, and the ways on."""
    gone = say.MADE_A_MEETING if is_special(bound, CONVERTED) else say.GONE
    return gone(event=event_id, webinar=bound.webinar_id)


def _notices(event: Event, bound: Bound) -> Iterator[Blocker]:
    if event.status == "cancelled":
        if bound.state == "gone" and is_special(bound, CONVERTED):
            message = say.MEETING_REMAINS(webinar=bound.webinar_id)
            yield Blocker(about="webinar", notice=_CONVERTED_NOTICE, message=message)
    elif is_special(bound, SIMULIVE):
        message = say.SIMULIVE(webinar=bound.webinar_id, host=bound.host, event=event.id)
        yield Blocker(about="webinar", notice=_SIMULIVE_NOTICE, message=message)
