"""Keep the time of hosts: booked before a webinar is asked for, and afterwards as the webinar takes it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ...errors import TemporaryError
from ...planning import CreateWebinar, UpdateWebinar, margin_of
from ...store.webinars import book, load_bookings, lock_bookings, release
from ..context import Context
from .known import Known


def book_host(context: Context, connection: Connection, action: CreateWebinar | UpdateWebinar) -> None:
    """Book a host's time; raise TemporaryError where another event has taken it since the plan was made."""
    if isinstance(action, UpdateWebinar) and not action.moves:
        return
    window = (action.booked_from, action.booked_until)
    lock_bookings(connection, action.account)
    bookings = load_bookings(connection, action.account, *window, besides=action.event)
    if any(booking.host == action.host for booking in bookings):
        now = context.database.now(connection)
        raise TemporaryError("Another event took the host meanwhile; planning anew.", retry_at=now)
    book(connection, action.event, action.account, action.host, *window)


def rebook_host(context: Context, known: Known) -> None:
    """Make an event's booking what its webinar really takes: nothing, where there is no webinar."""
    bound = known.bound
    margin = margin_of(context.profile_of(known.event))
    fields = dict(bound.known) if bound and bound.state == "bound" else {}
    taken = None
    if bound and "start" in fields:  # somebody may have made it a webinar without a fixed time
        start = datetime.fromisoformat(fields["start"])
        taken = bound.host, start - margin, start + timedelta(minutes=fields["duration"]) + margin
    if taken == known.booked:
        return
    with context.database.begin() as connection:
        if bound and taken:
            book(connection, known.event.id, bound.account, *taken)
        else:
            release(connection, known.event.id)
