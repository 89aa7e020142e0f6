"""Seats of panelists."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from ...webinars import Panelist
from ..db.encryption import SecretBox
from ..db.upsert import upsert
from ..db.values import slices
from ..tables import seat


def load_seats(connection: Connection, event_id: str) -> tuple[Row[Any], ...]:
    """Load the panelists of the event's webinar: rows with email, name, ours, panelist_id, resend."""
    return load_seats_of(connection, (event_id,)).get(event_id, ())


def load_seats_of(connection: Connection, event_ids: Iterable[str]) -> dict[str, tuple[Row[Any], ...]]:
    """Load the panelists of the webinars of several events, by event: see `load_seats`."""
    rows: Any = (row for some in slices(event_ids) for row in connection.execute(_SEATS, {"event_ids": some}).all())
    return {event_id: tuple(seats) for event_id, seats in groupby(rows, key=lambda row: row.event_id)}


_SEATS = (
    select(*seat.c["event_id", "email", "name", "ours", "panelist_id", "resend"])
    .where(seat.c.event_id.in_(bindparam("event_ids", expanding=True)))
    .order_by(seat.c.event_id, seat.c.email)
)


def seat_panelists(
    connection: Connection, box: SecretBox, event_id: str, seated: Iterable[Panelist], *, ours: bool, now: datetime
) -> None:
    """Note panelists of the webinar. `ours` is written for new ones only; None leaves a value as it is."""
    for panelist in seated:
        row = {"name": panelist.name, "panelist_id": panelist.id, "join_url": box.seal(panelist.join_url)}
        values = {name: value for name, value in row.items() if value is not None}
        upsert(connection, seat, {"event_id": event_id, "email": panelist.email}, values, ours=ours, at=now)


def unseat(connection: Connection, event_id: str, email: str) -> None:
    """Delete the seat of a panelist who was removed."""
    connection.execute(delete(seat).filter_by(event_id=event_id, email=email))


def mark_resend(connection: Connection, event_id: str, emails: Iterable[str] | None = None) -> None:
    """Mark seats whose panelists are to be removed and added again; without `emails`, all that we added."""
    chosen = seat.c.ours if emails is None else seat.c.email.in_(list(emails))
    connection.execute(update(seat).where(seat.c.event_id == event_id, chosen).values(resend=True))


def unseat_all(connection: Connection, event_id: str) -> None:
    """Delete all seats of an event whose webinar no longer exists."""
    connection.execute(delete(seat).where(seat.c.event_id == event_id))
