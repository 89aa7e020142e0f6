"""Facts about hosts: licences, changes of the day, booked times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from ...webinars import Host, overlap
from ..tables import booking, event, host
from ..webinars import load_used_today
from .foreign import Foreign, load_coming, load_foreign

_AT_MOST = 1_000


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """A host as last reported by Zoom, with our counts and bookings."""

    host: Host | None = None  # None: not fetched from Zoom yet
    used_today: int = 0  # creates and updates since 00:00 UTC
    foreign: tuple[Foreign, ...] = ()  # webinars of others, not over
    bookings: tuple[Row[Any], ...] = ()  # upcoming: event_id, name, start_at, end_at, taken_from, taken_until
    booked: int = 0  # upcoming bookings, with those that were not loaded


def find_right(connection: Connection, account: str, email: str) -> bool | None:
    """Find whether a host may record to the cloud, as Zoom last said; None if that is unknown."""
    right: bool | None = connection.scalar(_RIGHT, {"of": account, "host": email})
    return right


_RIGHT = select(host.c.cloud_recording).where(host.c.account == bindparam("of"), host.c.email == bindparam("host"))


def load_host_facts(
    connection: Connection, account: str, now: datetime, *, each: int | None = None
) -> dict[str, HostFacts]:
    """Load the facts about the hosts of an account, by e-mail address; at most 1,000 bookings, the earliest.

    `each`: at most so many bookings of each host.
    """
    reported = {row.email: row for row in connection.execute(_HOSTS, {"account": account})}
    used = load_used_today(connection, account, now.date().isoformat())
    bookings: dict[str, list[Row[Any]]] = {}
    values = {"account": account, "now": now, "each": _AT_MOST if each is None else each, "most": _AT_MOST}
    for row in connection.execute(_EARLIEST, values):
        bookings.setdefault(row.host, []).append(row)
    foreign: dict[str, list[Foreign]] = {}
    for webinar in load_coming(connection, account, now):
        foreign.setdefault(webinar.host, []).append(webinar)
    return {
        email: HostFacts(
            host=read_host(reported[email]) if email in reported else None,
            used_today=used.get(email, 0),
            foreign=tuple(foreign.get(email, ())),
            bookings=tuple(bookings.get(email, ())),
            booked=bookings[email][0].booked if email in bookings else 0,
        )
        for email in reported.keys() | used.keys() | bookings.keys()
    }


@dataclass(frozen=True, kw_only=True)
class HostsOfSpan:
    """What the hosts of an account hold in a span of time, and what Zoom said of them."""

    reported: dict[str, Host]  # by e-mail address
    used_today: dict[str, int]  # creates and updates since 00:00 UTC
    bookings: tuple[Row[Any], ...]  # host, event_id, name, start_at, end_at, taken_from, taken_until
    foreign: tuple[Foreign, ...]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more bookings than these."""
        return len(self.bookings) == _AT_MOST


def load_span(connection: Connection, account: str, start: datetime, end: datetime, today: str) -> HostsOfSpan:
    """Load what the hosts of an account hold between two moments; at most 1,000 bookings, the earliest."""
    values = {"account": account, "start": start, "end": end, "most": _AT_MOST}
    rows = connection.execute(_OF_SPAN, values)
    return HostsOfSpan(
        reported={row.email: read_host(row) for row in connection.execute(_HOSTS, {"account": account})},
        used_today=load_used_today(connection, account, today),
        bookings=tuple(rows),
        foreign=load_foreign(connection, account, start, end),
    )


def read_host(row: Row[Any]) -> Host:
    """Read a host from its row."""
    licensed = row.licensed if row.licensed or row.is_certain is not False else None
    return Host(
        email=row.email,
        id=row.zoom_id,
        licensed=licensed,
        capacity=row.capacity,
        cloud_recording=row.cloud_recording,
        active=row.active is not False,
        licences=tuple(row.licences or ()),
    )


def _select_bookings() -> Select[Any]:
    taken_from, taken_until = booking.c.start_at.label("taken_from"), booking.c.end_at.label("taken_until")
    about_event = (event.c.name, event.c.start_at, event.c.end_at)
    query = select(booking.c.host, booking.c.event_id, taken_from, taken_until, *about_event)
    return query.join(event, event.c.id == booking.c.event_id).limit(bindparam("most"))


def _select_earliest() -> Select[Any]:
    """Select the bookings that are not over, numbered by host: of thousands only those to be shown are read whole."""
    order, of_host = (booking.c.start_at, booking.c.event_id), booking.c.host
    numbered = (
        select(
            booking.c.event_id,
            func.row_number().over(partition_by=of_host, order_by=order).label("number"),
            func.count().over(partition_by=of_host).label("booked"),
        )
        .where(_IS_OF_ACCOUNT, booking.c.end_at > bindparam("now"))
        .subquery()
    )
    query = _select_bookings().add_columns(numbered.c.booked).join(numbered, numbered.c.event_id == booking.c.event_id)
    return query.where(numbered.c.number <= bindparam("each")).order_by(*order)


_HOSTS = select(host).where(host.c.account == bindparam("account"))
_IS_OF_ACCOUNT = booking.c.account == bindparam("account")
_EARLIEST = _select_earliest()
_OVERLAPS = overlap(booking.c.start_at, booking.c.end_at, bindparam("start"), bindparam("end"))
_OF_SPAN = _select_bookings().where(_IS_OF_ACCOUNT, _OVERLAPS).order_by(booking.c.start_at)
