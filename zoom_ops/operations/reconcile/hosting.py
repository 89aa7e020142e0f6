"""Keep the time of hosts: taken before a webinar is asked for, and as the webinar has it afterwards."""

from datetime import datetime, timedelta

from ...errors import TemporaryError
from ...planning import CreateWebinar, UpdateWebinar, margin_of
from ...store.events import load_event
from ...store.webinars import Bound, book, find_binding, find_booking, load_bookings, lock_bookings, release
from ..context import Context


def book_host(context: Context, action: CreateWebinar | UpdateWebinar) -> None:
    """Take a host's time; raise TemporaryError where another event has taken it since the plan was made."""
    if isinstance(action, UpdateWebinar) and not action.moves:
        return
    window = (action.booked_from, action.booked_until)
    with context.database.begin(durable=False) as connection:  # the intent that follows makes it so
        lock_bookings(connection, action.account)
        taken = load_bookings(connection, action.account, *window, besides=action.event)
        if any(row.host == action.host for row in taken):
            now = context.database.now(connection)
            raise TemporaryError("Another event took the host meanwhile; planning anew.", retry_at=now)
        book(connection, action.event, action.account, action.host, *window)


def rebook_host(context: Context, event_id: str) -> None:
    """Make an event's booking what its webinar really takes: nothing, where there is no webinar."""
    with context.database.read() as connection:
        margin = margin_of(context.profile_of(load_event(connection, event_id)))
        bound, booked = find_binding(connection, event_id), find_booking(connection, event_id)
    taken = _taken(bound, margin) if bound and bound.state == "bound" else None
    if taken == booked:
        return
    with context.database.begin() as connection:
        if bound and taken:
            book(connection, event_id, bound.account, *taken)
        else:
            release(connection, event_id)


def _taken(bound: Bound, margin: timedelta) -> tuple[str, datetime, datetime] | None:
    known = dict(bound.known)
    if "start" not in known:  # somebody made it a webinar without a fixed time
        return None
    start = datetime.fromisoformat(known["start"])
    return bound.host, start - margin, start + timedelta(minutes=known["duration"]) + margin
