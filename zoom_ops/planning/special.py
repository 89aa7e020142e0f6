"""Webinars that Zoom treats unlike others: made by Zoom Events, simulive, converted to a meeting."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from ..events import Event
from .actions import Action, CancelWebinar, UpdateWebinar
from .observed import Bound
from .phrases import name_field
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
            yield Blocker(about="webinar", sentence=unchangeable_sentence(entry), refused=True)
        else:
            yield entry
    if bound and event.end_utc > now:
        yield from _notices(event, bound)


def is_special(bound: Bound, fact: str) -> bool:
    """Return whether this is known of a bound webinar."""
    return dict(bound.known).get(fact) is True


def unchangeable_sentence(action: UpdateWebinar | CancelWebinar) -> str:
    """Say that a webinar was made by Zoom Events, and what has to be changed there."""
    made = f"Webinar {action.webinar_id} was made in Zoom Events or Webinars Plus, and no app may change or delete it."
    if isinstance(action, CancelWebinar):
        return f"{made} The event is cancelled: delete the webinar there."
    names = ", ".join(name_field(change.field) for change in action.fields)
    return _fit(f"{made} Change there: ", names, ".")


def started_sentence(webinar_id: int) -> str:
    """Say who has to change a simulive webinar that has started."""
    return (
        f"Simulive webinar {webinar_id} has started, and Zoom lets no app change or delete it any more. "
        "End or change it on zoom.us, under Webinars."
    )


def gone_sentence(event_id: str, bound: Bound) -> str:
    """Say what became of a webinar that is no longer there, and the ways on."""
    renewed = f"for a new one: zoom-ops apply --event {event_id} --force"
    if not is_special(bound, CONVERTED):
        return f"Webinar {bound.webinar_id} was deleted at Zoom. Cancel the event, or {renewed}"
    return (
        f"Webinar {bound.webinar_id} was made a meeting at Zoom. Make it a webinar again on zoom.us, then: "
        f"zoom-ops events adopt {event_id} {bound.webinar_id}. Or cancel the event, or {renewed}"
    )


def add_link(event_id: str) -> str:
    """Say how a recording that is not in Zoom's cloud comes to an event's page."""
    return (
        "add its link to the event's file as an attachment (kind: recording, url: LINK), and import that again: "
        f"zoom-ops events import FILE --id {event_id}"
    )


def _notices(event: Event, bound: Bound) -> Iterator[Blocker]:
    if event.status == "cancelled":
        if bound.state == "gone" and is_special(bound, CONVERTED):
            sentence = (
                f"The event is cancelled, and its webinar {bound.webinar_id} was made a meeting at Zoom, which this "
                "service does not delete. Delete it on zoom.us, under Meetings."
            )
            yield Blocker(about="webinar", notice=_CONVERTED_NOTICE, sentence=sentence)
    elif is_special(bound, SIMULIVE):
        sentence = (
            f"Webinar {bound.webinar_id} of {bound.host} is simulive: it plays a recording that exists already, and "
            f"Zoom makes no other. To show it afterwards, {add_link(event.id)}"
        )
        yield Blocker(about="webinar", notice=_SIMULIVE_NOTICE, sentence=sentence)


def _fit(sentence: str, names: str, end: str, limit: int = 250) -> str:
    room = limit - len(sentence) - len(end)
    return sentence + (names if len(names) <= room else names[: room - 1].rsplit(", ", 1)[0] + ", …") + end
