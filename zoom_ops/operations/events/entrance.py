"""The way into a webinar, handed to an operator: its join link and its passcode."""

from dataclasses import dataclass, field

from ...errors import ParkedError, ZoomOpsError
from ...store.audit import Actor, record_audit
from ...store.events import load_event
from ...store.webinars import find_binding, find_join_url, find_registration_url
from ..context import Context


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """What people need to enter a webinar. All but the number is secret: whoever has it can enter."""

    webinar_id: int
    link: str = field(repr=False)
    registration: str | None = field(default=None, repr=False)  # where the webinar asks people to register
    passcode: str | None = field(default=None, repr=False)  # the one that people type
    unknown: str = ""  # why the passcode is not known


def show_way_in(context: Context, event_id: str, by: Actor) -> WayIn:
    """Return the way into an event's webinar, and write into the audit that it was shown.

    The passcode is not stored, so Zoom is asked for it. Where Zoom does not answer, the link is shown without it.
    Raise ParkedError if the event has no webinar, or none with a link.
    """
    with context.database.begin() as connection:
        load_event(connection, event_id)
        bound = find_binding(connection, event_id)
        if bound is None or bound.state != "bound":
            raise ParkedError(f"Event {event_id} has no webinar, so there is no link to join: zoom-ops plan {event_id}")
        link = find_join_url(connection, context.box, event_id)
        registration = find_registration_url(connection, context.box, event_id)
        if link is None:
            raise ParkedError(f"Zoom has told no link to join webinar {bound.webinar_id}. Look at the webinar at Zoom.")
        now, about = context.database.now(connection), ("event", event_id)
        record_audit(connection, by, "join_link_shown", about, now, webinar=bound.webinar_id)
    passcode, unknown = _ask_for_passcode(context, bound.account, bound.webinar_id)
    return WayIn(webinar_id=bound.webinar_id, link=link, registration=registration, passcode=passcode, unknown=unknown)


def _ask_for_passcode(context: Context, account: str, webinar_id: int) -> tuple[str | None, str]:
    try:
        passcode = context.gateway(account).get_webinar(webinar_id).passcode
    except ZoomOpsError as error:
        return None, f"Zoom could not be asked for the passcode: {error}"
    return passcode, "" if passcode else "The webinar has no passcode."
