"""Facts about hosts: licences, changes of the day, booked times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from .tables import booking, event, host
from .webinars import load_used_today

_AT_MOST = 1_000


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """A host as last reported by Zoom, with our counts and bookings."""

    licensed: bool | None = None  # None: not fetched from Zoom yet
    capacity: int = 0
    used_today: int = 0  # creates and updates since 00:00 UTC
    bookings: tuple[Row[Any], ...] = ()  # upcoming: event_id, name, start_at, end_at, taken_from, taken_until


def find_right(connection: Connection, account: str, email: str) -> bool | None:
    """Find whether a host may record to the cloud, as Zoom last said; None if that is unknown."""
    right: bool | None = connection.scalar(select(host.c.cloud_recording).filter_by(account=account, email=email))
    return right


def load_host_facts(connection: Connection, account: str, now: datetime) -> dict[str, HostFacts]:
    """Load the facts about the hosts of an account, by e-mail address."""
    reported = {row.email: row for row in connection.execute(select(host).where(host.c.account == account))}
    used = load_used_today(connection, account, now.date().isoformat())
    taken_from, taken_until = booking.c.start_at.label("taken_from"), booking.c.end_at.label("taken_until")
    about_event = (event.c.name, event.c.start_at, event.c.end_at)
    query = select(booking.c.host, booking.c.event_id, taken_from, taken_until, *about_event)
    query = query.join(event, event.c.id == booking.c.event_id)
    query = query.where(booking.c.account == account, booking.c.end_at > now).order_by(booking.c.start_at)
    bookings: dict[str, list[Any]] = {}
    for row in connection.execute(query.limit(_AT_MOST)):
        bookings.setdefault(row.host, []).append(row)
    return {
        email: HostFacts(
            licensed=reported[email].licensed if email in reported else None,
            capacity=reported[email].capacity if email in reported else 0,
            used_today=used.get(email, 0),
            bookings=tuple(bookings.get(email, ())),
        )
        for email in reported.keys() | used.keys() | bookings.keys()
    }
