"""Adopt a webinar that was not made by us: Zoom is asked first what it is, and the event has it from then on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from ....engine.effects import Absent, Look
from ....errors import ParkedError, ZoomOpsError
from ....events import Event
from ....planning import AdoptWebinar, is_marked_elsewhere, window_of
from ....store.events import load_event
from ....store.hosts.unbound import Unbound, save_unbound
from ....store.webinars import Bound, book, find_binding, find_event_of, save_binding, unseat_all
from ....webinars import Panelist, Webinar
from ....zoom import SINGLE, ConvertedError, WebinarGoneError
from ...context import Context
from ...timeline import record_happening, ring_event
from .base import Executor
from .panelists import record_seats
from .webinars import reported_fields


@dataclass(frozen=True, kw_only=True)
class Adoptable:
    """A webinar that an event may adopt, with its panelists."""

    webinar: Webinar
    panelists: tuple[Panelist, ...]
    note: str  # what operators must know of it, with a space before; else empty


def adopt_webinar(context: Context, action: AdoptWebinar) -> Executor:
    """Build the executor of AdoptWebinar: nothing is changed at Zoom, so an effect that has no end was not done."""

    def send() -> Adoptable:
        try:
            adopted = read_adoptable(context, action.account, action.event, action.webinar_id)
        except WebinarGoneError as error:
            missing = _explain_missing(context, action, error)
            raise ParkedError(missing) from error
        if is_marked_elsewhere(adopted.webinar.agenda, context.installation):
            raise ParkedError(_explain_kept(action))
        return adopted

    def record(connection: Connection, adopted: Adoptable) -> None:
        event = load_event(connection, action.event)
        sentence = f"Webinar {action.webinar_id}, which {action.place} names, was adopted."
        record_adoption(context, connection, event, adopted, "home", sentence)
        ring_event(context, connection, action.event, "webinar.adopted")

    def look(_began: datetime) -> Look:
        return Absent()

    return Executor(send=send, record=record, look=look, local=True)


def read_adoptable(context: Context, account: str, event_id: str, webinar_id: int) -> Adoptable:
    """Read a webinar at Zoom; raise ParkedError if the event cannot adopt it. A host outside the pool is no reason."""
    gateway = context.gateway(account)
    webinar = _check_adoptable(context, account, event_id, gateway.get_webinar(webinar_id))
    outside = f" Its host {webinar.host} is not in the pool of account {account}."
    note = "" if webinar.host in gateway.account.hosts else outside
    return Adoptable(webinar=webinar, panelists=tuple(gateway.get_panelists(webinar_id)), note=note)


def record_adoption(
    context: Context,
    connection: Connection,
    event: Event,
    adopted: Adoptable,
    origin: Literal["adopted", "home"],
    sentence: str,
) -> None:
    """Bind an event to a webinar, with its panelists and its host's time. Raise ParkedError if it is another event's.

    A webinar that the event has until then is a stray one from now on.
    """
    webinar = adopted.webinar
    owner = find_event_of(connection, webinar.account, webinar.id)
    if owner not in (None, event.id):
        raise ParkedError(f"Webinar {webinar.id} belongs to event {owner}.")
    bound, now = find_binding(connection, event.id), context.database.now(connection)
    known = reported_fields(webinar)
    facts = {"known": known, "asked": (), "refused": (), "origin": origin, "state": "bound"}
    moves = dict.fromkeys(("move_to", "left_webinar_id", "left_host"))  # an earlier order is void
    save_binding(connection, context.box, event.id, webinar, now, **facts, **moves)
    if bound is None or bound.webinar_id != webinar.id:
        unseat_all(connection, event.id)
    if bound and bound.state == "bound" and bound.webinar_id != webinar.id:
        save_unbound(connection, _stray(bound))
    record_seats(context, connection, event, list(adopted.panelists))
    start, end = window_of(event, context.profile_of(event))
    book(connection, event.id, webinar.account, webinar.host, start, end)
    record_happening(context, connection, event.id, "webinar_adopted", f"{sentence}{adopted.note}")


def _explain_missing(context: Context, action: AdoptWebinar, error: WebinarGoneError) -> str:
    """Say why the account has no webinar that a home names: it is a meeting, or of another account."""
    account, event_id, number = action.account, action.event, action.webinar_id
    if isinstance(error, ConvertedError):
        return (
            f"{action.place} names {number} for event {event_id}, which is a meeting and no webinar: nothing is made. "
            "Make a webinar there in its place."
        )
    if other := next(_accounts_with(context, number, besides=account), None):
        return (
            f"Webinar {number}, which {action.place} names, is of account {other}, and event {event_id} is of account "
            f"{account}: nothing is made. Import the event with --account {other}."
        )
    return (
        f"Account {account} has no webinar {number}, which {action.place} names: it was deleted, or is of an account "
        f"that is not ours. Nothing is made. Make another there, or: zoom-ops events adopt {event_id} WEBINAR_ID"
    )


def _explain_kept(action: AdoptWebinar) -> str:
    """Say that another installation keeps a webinar that a home names: two would undo each other's changes."""
    return (
        f"{action.place} names webinar {action.webinar_id}, which another installation of zoom_ops keeps, as the last "
        f"line of its agenda says. Nothing is made. If it is this event's: zoom-ops events adopt {action.event} "
        f"{action.webinar_id}. Else make another one there."
    )


def _check_adoptable(context: Context, account: str, event_id: str, webinar: Webinar) -> Webinar:
    if webinar.type != SINGLE:
        raise ParkedError(
            f"Webinar {webinar.id} is a series (type {webinar.type}): it has one number for all its dates, and an "
            "event is one date. Make a single webinar for it at Zoom, and adopt that."
        )
    if not webinar.host:
        raise ParkedError(f"Zoom does not say who hosts webinar {webinar.id}, so event {event_id} cannot have it.")
    pool = context.gateway(account).account.hosts
    for name, gateway in context.gateways.items():
        if name != account and webinar.host in gateway.account.hosts and webinar.host not in pool:
            raise ParkedError(
                f"Webinar {webinar.id} is of {webinar.host}, a host of account {name}, and event {event_id} is of "
                f"account {account}. Import the event with --account {name} first."
            )
    return webinar


def _accounts_with(context: Context, webinar_id: int, *, besides: str) -> Iterator[str]:
    """Yield the other accounts of ours that have a webinar. One that cannot be asked has it not, as far as we know."""
    for name, gateway in context.gateways.items():
        if name == besides:
            continue
        try:
            gateway.get_webinar(webinar_id)
        except ZoomOpsError:
            continue
        yield name


def _stray(replaced: Bound) -> Unbound:
    """Build the stray that a replaced webinar becomes: operators get an alert until it is gone."""
    return Unbound(
        account=replaced.account,
        webinar_id=replaced.webinar_id,
        host=replaced.host,
        shown="",
        event_id=replaced.event_id,
    )
