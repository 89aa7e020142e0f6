"""What is taken of hosts: their booked time, their changes of the day."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from ...webinars import overlap
from ..db.locks import exclude_others
from ..db.upsert import upsert
from ..tables import booking, event, host_day


def lock_bookings(connection: Connection, account: str) -> None:
    """Lock the bookings of an account's hosts until the transaction ends."""
    exclude_others(connection, f"booking {account}")


_OVERLAPPING = (  # built once: a look at the plan asks it for each event
    select(booking, event.c.name)
    .select_from(booking.outerjoin(event, event.c.id == booking.c.event_id))
    .where(booking.c.account == bindparam("of"), booking.c.event_id != bindparam("besides"))
    .where(overlap(booking.c.start_at, booking.c.end_at, bindparam("begins"), bindparam("ends")))
    .order_by(booking.c.event_id)
)


def load_bookings(
    connection: Connection, account: str, start: datetime, end: datetime, *, besides: str
) -> tuple[Row[Any], ...]:
    """Load the bookings of an account's hosts that overlap a window, without those of `besides`; with events' names."""
    given = {"of": account, "besides": besides, "begins": start, "ends": end}
    return tuple(connection.execute(_OVERLAPPING, given).all())


def find_booking(connection: Connection, event_id: str) -> tuple[str, datetime, datetime] | None:
    """Find the booking of an event (host, start, end), or None."""
    query = select(booking.c.host, booking.c.start_at, booking.c.end_at).where(booking.c.event_id == event_id)
    row = connection.execute(query).first()
    return (row.host, row.start_at, row.end_at) if row else None


def book(connection: Connection, event_id: str, account: str, host: str, start: datetime, end: datetime) -> None:
    """Book a host's time for an event, in place of its former booking."""
    values = {"account": account, "host": host, "start_at": start, "end_at": end}
    upsert(connection, booking, {"event_id": event_id}, values)


def release(connection: Connection, event_id: str) -> None:
    """Delete the booking of an event."""
    connection.execute(delete(booking).where(booking.c.event_id == event_id))


def load_used_today(connection: Connection, account: str, day: str) -> dict[str, int]:
    """Load the number of creates and updates of each host on a UTC day."""
    rows = connection.execute(_USED, {"account": account, "day": day})
    return {row.host: row.used for row in rows}


_USED = select(host_day.c.host, host_day.c.used).where(
    host_day.c.account == bindparam("account"), host_day.c.day == bindparam("day")
)
