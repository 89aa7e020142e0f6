"""Executors of panelists: seat and remove."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from ....engine.effects import Absent, Found, Look
from ....planning import AddPanelists, RemovePanelist
from ....store.webinars import load_seats, seat_panelists, unseat
from ....webinars import Panelist
from ....zoom import WebinarGoneError
from ...context import Context
from ...timeline import record_happening
from .base import Executor, done_already


def add_panelists(context: Context, action: AddPanelists) -> Executor:
    """Build the executor of AddPanelists. Zoom's answer names nobody, so the panelists are read back once."""
    gateway = context.gateway(action.account)

    def send() -> tuple[Panelist, ...]:
        gateway.add_panelists(action.webinar_id, [Panelist(email=s.email, name=s.name) for s in action.seats])
        with done_already():
            return gateway.get_panelists(action.webinar_id)

    def look(_began: datetime) -> Look:
        try:
            seated = gateway.get_panelists(action.webinar_id)
        except WebinarGoneError:
            return Absent()  # the next attempt gets the same answer and handles it
        there = {panelist.email for panelist in seated}
        arrived = tuple(seat for seat in action.seats if seat.email in there)
        if not arrived:
            return Absent()
        part = action.model_copy(update={"seats": arrived})
        return Found(record=lambda connection: _record_seated(context, part, connection, seated))

    return Executor(
        send=send,
        record=partial(_record_seated, context, action),
        look=look,
        slot=lambda _operator: gateway.slot("add_panelists"),
    )


def remove_panelist(context: Context, action: RemovePanelist) -> Executor:
    """Build the executor of RemovePanelist."""
    gateway = context.gateway(action.account)

    def record(connection: Connection, _reply: object) -> None:
        unseat(connection, action.event, action.email)
        record_happening(context, connection, action.event, "panelist_removed", "1 panelist was taken out.")

    def look(_began: datetime) -> Look:
        try:
            seated = gateway.get_panelists(action.webinar_id)
        except WebinarGoneError:
            return Absent()  # the next attempt gets the same answer and handles it
        if any(panelist.email == action.email for panelist in seated):
            return Absent()
        return Found(record=lambda connection: record(connection, None))

    return Executor(
        send=lambda: gateway.remove_panelist(action.webinar_id, action.email),
        record=record,
        look=look,
        slot=lambda _operator: gateway.slot("remove_panelist"),
    )


def record_seats(context: Context, connection: Connection, event_id: str, seated: Iterable[Panelist]) -> None:
    """Save the panelists as Zoom reports them. Those that we seated stay ours; the others are never removed."""
    there = {panelist.email: panelist for panelist in seated}
    for row in load_seats(connection, event_id):
        if row.email not in there:
            unseat(connection, event_id, row.email)
    seat_panelists(connection, context.box, event_id, there.values(), ours=False, now=context.database.now(connection))


def _record_seated(context: Context, action: AddPanelists, connection: Connection, seated: Iterable[Panelist]) -> None:
    """Save the panelists that we seated, with links, and the others, whom we never remove."""
    now = context.database.now(connection)
    by_email = {panelist.email: panelist for panelist in seated}
    ours = [by_email.pop(seat.email, Panelist(email=seat.email, name=seat.name)) for seat in action.seats]
    seat_panelists(connection, context.box, action.event, ours, ours=True, now=now)
    seat_panelists(connection, context.box, action.event, by_email.values(), ours=False, now=now)
    people = "1 panelist was" if len(ours) == 1 else f"{len(ours)} panelists were"
    record_happening(context, connection, action.event, "panelists_seated", f"{people} seated.")
