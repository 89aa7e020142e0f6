"""Executors of panelists: seat and remove."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from ....engine.effects import Absent, Found, Look, Undecidable
from ....events import Event
from ....messages.effects import PEOPLE
from ....planning import (
    AddPanelists,
    RemovePanelist,
    Seat,
    desired_seats,
    recognise,
    refusals_of,
    split,
)
from ....store.webinars import change_binding, find_binding, load_seats, seat_panelists, unseat
from ....webinars import Panelist
from ....zoom import PanelistRefusedError, PanelistsFullError, WebinarGoneError, ZoomRefusedError
from ...context import Context
from ...timeline import record_happening
from .base import Executor, done_already


def add_panelists(context: Context, action: AddPanelists) -> Executor:
    """Build the executor of AddPanelists. Zoom's answer names nobody, so the panelists are read back once."""
    gateway = context.gateway(action.account)

    def send() -> tuple[Panelist, ...]:
        gateway.add_panelists(action.webinar_id, _panelists(action))
        with done_already():
            return gateway.get_panelists(action.webinar_id)

    def look(_began: datetime) -> Look:
        try:
            seated = gateway.get_panelists(action.webinar_id)
        except WebinarGoneError:
            return Absent()  # the next attempt gets the same answer and handles it
        found = recognise(seated, _expected(context, action.event, action.seats))
        arrived = tuple(seat for seat in action.seats if found.find(seat.email))
        if found.unknown and len(arrived) < len(action.seats):
            return Undecidable(sentence=_untellable(action, len(action.seats) - len(arrived)))
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
        found = recognise(seated, _expected(context, action.event))
        if found.find(action.email) or found.unknown:  # to remove nobody is harmless, to forget a panelist is not
            return Absent()
        return Found(record=lambda connection: record(connection, None))

    return Executor(
        send=lambda: gateway.remove_panelist(action.webinar_id, action.email),
        record=record,
        look=look,
        slot=lambda _operator: gateway.slot("remove_panelist"),
    )


def divide_refused(context: Context, action: AddPanelists, error: ZoomRefusedError) -> tuple[AddPanelists, ...]:
    """Return the halves of an AddPanelists that Zoom refused because of one seat.

    A seat that is alone is noted as refused, and all of them where the webinar has no room. Raise any other error.
    """
    if isinstance(error, PanelistRefusedError) and len(action.seats) > 1:
        return split(action)
    if not isinstance(error, PanelistRefusedError | PanelistsFullError):
        raise error
    reason = f"{error.message} Code {error.code}."
    with context.database.begin() as connection:
        bound = find_binding(connection, action.event)
        full_at = len(load_seats(connection, action.event)) if isinstance(error, PanelistsFullError) else None
        refusals = refusals_of(action.seats, reason, full_at)
        noted = {row.email: {"name": row.name, "reason": row.reason, "full_at": row.full_at} for row in refusals}
        known = dict(bound.refused_seats or ()) if bound else {}
        change_binding(connection, action.event, refused_seats=known | noted)
    return ()


def record_seats(
    context: Context, connection: Connection, event: Event, seated: Iterable[Panelist], *, ours: bool = False
) -> None:
    """Save the panelists as Zoom reports them. Those that we seated stay ours; the others are never removed.

    `ours`: whom the event names was seated by us, though we do not know it any more.

    While a row without an address is nobody we know, nobody loses a seat for being absent: it may be this person.
    """
    before = load_seats(connection, event.id)
    wanted = desired_seats(event, context.profile_of(event))
    found = recognise(seated, _people(before, wanted))
    for row in before:
        if not (found.unknown or found.find(row.email)):
            unseat(connection, event.id, row.email)
    now = context.database.now(connection)
    named = {seat.email for seat in wanted} if ours else set()
    for is_named in (True, False):
        people_of = [panelist for panelist in found.panelists if (panelist.email in named) == is_named]
        seat_panelists(connection, context.box, event.id, people_of, ours=is_named, now=now)


def _record_seated(context: Context, action: AddPanelists, connection: Connection, seated: Iterable[Panelist]) -> None:
    """Save the panelists that we seated, with links, and the others, whom we never remove."""
    now = context.database.now(connection)
    found = recognise(seated, _people(load_seats(connection, action.event), action.seats))
    ours = [found.find(seat.email) or Panelist(email=seat.email, name=seat.name) for seat in action.seats]
    added = {seat.email for seat in action.seats}
    others = [panelist for panelist in found.panelists if panelist.email not in added]
    seat_panelists(connection, context.box, action.event, ours, ours=True, now=now)
    seat_panelists(connection, context.box, action.event, others, ours=False, now=now)
    counted = "1 panelist was" if len(ours) == 1 else f"{len(ours)} panelists were"
    lost = sum(1 for seat, shown in zip(action.seats, ours, strict=True) if seat.tag and shown.tag != seat.tag)
    tags = f" Zoom shows no name tag for {_people_of(lost)}." if lost else ""
    record_happening(context, connection, action.event, "panelists_seated", f"{counted} seated.{tags}")


def _panelists(action: AddPanelists) -> list[Panelist]:
    return [Panelist(email=seat.email, name=seat.name, tag=seat.tag) for seat in action.seats]


def _expected(context: Context, event_id: str, seats: Iterable[Seat] = ()) -> tuple[Panelist, ...]:
    with context.database.read() as connection:
        return _people(load_seats(connection, event_id), seats)


def _people(rows: Iterable[Row[Any]], seats: Iterable[Seat]) -> tuple[Panelist, ...]:
    """List whom a row without an address may mean: who sat in the webinar, and who is to sit in it."""
    seated = [Panelist(email=row.email, name=row.name, id=row.panelist_id) for row in rows]
    known = {panelist.email for panelist in seated}
    return (*seated, *(Panelist(email=seat.email, name=seat.name) for seat in seats if seat.email not in known))


def _people_of(count: int) -> str:
    return str(PEOPLE(people=count))


def _untellable(action: AddPanelists, missing: int) -> str:
    return (
        f"Zoom withholds addresses of panelists of webinar {action.webinar_id}, so whether {_people_of(missing)} "
        "got their seat cannot be told, and nobody is asked twice. What to look for at Zoom: zoom-ops runs show, "
        "with the number of this run."
    )
