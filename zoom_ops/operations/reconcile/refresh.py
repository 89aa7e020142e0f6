"""Look at a webinar again, when Zoom tells of a change that is not ours, and once a day before it takes place."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from ...planning import same
from ...store.events import find_event
from ...store.notifications import load_new, mark_folded
from ...store.webinars import Bound, change_binding, find_binding, release
from ...zoom import WebinarGoneError, parse
from ..context import Context
from ..timeline import record_happening
from .executors import record_reported, record_seats

DAILY = timedelta(days=1)
COMING = timedelta(days=7)
_ECHO = timedelta(minutes=2)  # how long after our own change Zoom's notification of it may come
_KINDS = ("webinar.updated", "webinar.deleted", "webinar.permanently_deleted", "webinar.recovered")


def refresh_webinar(context: Context, event_id: str) -> None:
    """Read the webinar again if what we know of it may be old; an echo of our own change is no reason."""
    with context.database.read() as connection:
        bound, event = find_binding(connection, event_id), find_event(connection, event_id)
        told = load_new(connection, event_id, _KINDS)
    if bound is None or event is None or bound.state == "cancelled":
        return _fold(context, told)
    now = context.clock.now()
    coming = now < event.end_utc and event.start_utc < now + COMING
    aged = bound.state == "bound" and coming and bound.known_at < now - DAILY
    if aged or any(not _is_echo(context, bound, row) for row in told):
        _read_again(context, event_id, bound)
    _fold(context, told)


def note_gone(context: Context, event_id: str) -> None:
    """Note that the event's webinar is no longer at Zoom: an operator decides what follows."""
    with context.database.begin() as connection:
        bound = find_binding(connection, event_id)
        if bound is None or bound.state == "cancelled":
            return
        change_binding(connection, event_id, state="gone")
        release(connection, event_id)
        if bound.state != "gone":
            sentence = f"Webinar {bound.webinar_id} was deleted at Zoom, by somebody else."
            record_happening(context, connection, event_id, "webinar_gone", sentence)


def _read_again(context: Context, event_id: str, bound: Bound) -> None:
    gateway = context.gateway(bound.account)
    try:
        webinar = gateway.get_webinar(bound.webinar_id)
        panelists = gateway.get_panelists(bound.webinar_id)
    except WebinarGoneError:
        return note_gone(context, event_id)
    with context.database.begin() as connection:
        record_reported(context, connection, event_id, webinar)
        record_seats(context, connection, event_id, panelists)
        if bound.state == "gone":
            change_binding(connection, event_id, state="bound")
    return None


def _is_echo(context: Context, bound: Bound, row: Row[Any]) -> bool:
    """Tell whether a notification says nothing that we do not know: it tells of our own change."""
    if row.kind != "webinar.updated":
        return False
    notification = parse({}, (context.box.unseal(row.body) or "").encode())
    if notification is None:
        return True
    if notification.fields:
        known = dict(bound.known)
        return all(name not in known or same(known[name], value) for name, value in notification.fields.items())
    return row.occurred_at is not None and abs(row.occurred_at - bound.known_at) < _ECHO


def _fold(context: Context, told: Sequence[Row[Any]]) -> None:
    if told:
        with context.database.begin() as connection:
            mark_folded(connection, [row.id for row in told])
