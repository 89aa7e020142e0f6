"""What is known of the hosts: licences, changes of a day, and the time that is taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from .tables import booking, event, host, host_day

_AT_MOST = 1_000


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """A host as last told and counted."""

    licensed: bool | None = None  # None: Zoom was not asked yet
    capacity: int = 0
    used_today: int = 0  # creates and updates since 00:00 UTC
    bookings: tuple[Row[Any], ...] = ()  # to come: event id, name, start and end; what is taken of the host


def load_host_facts(connection: Connection, account: str, now: datetime) -> dict[str, HostFacts]:
    """Load what is known of the hosts of an account, by address."""
    told = {row.email: row for row in connection.execute(select(host).where(host.c.account == account))}
    day = now.date().isoformat()
    query = select(host_day.c.host, host_day.c.used).where(host_day.c.account == account, host_day.c.day == day)
    used = {row.host: row.used for row in connection.execute(query)}
    taken = _bookings(connection, account, now)
    return {
        email: HostFacts(
            licensed=told[email].licensed if email in told else None,
            capacity=told[email].capacity if email in told else 0,
            used_today=used.get(email, 0),
            bookings=tuple(taken.get(email, ())),
        )
        for email in told.keys() | used.keys() | taken.keys()
    }


def _bookings(connection: Connection, account: str, now: datetime) -> dict[str, list[Any]]:
    taken_from, taken_until = booking.c.start_at.label("taken_from"), booking.c.end_at.label("taken_until")
    about_event = (event.c.name, event.c.start_at, event.c.end_at)
    columns = (booking.c.host, booking.c.event_id, taken_from, taken_until, *about_event)
    query = select(*columns).join(event, event.c.id == booking.c.event_id)
    coming = query.where(booking.c.account == account, booking.c.end_at > now)
    taken: dict[str, list[Any]] = {}
    for row in connection.execute(coming.order_by(booking.c.start_at).limit(_AT_MOST)):
        taken.setdefault(row.host, []).append(row)
    return taken
