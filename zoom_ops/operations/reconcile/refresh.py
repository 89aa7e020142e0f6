"""Read a webinar again: after a change at Zoom that is not ours, and once a day in the week before it takes place."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...events import Event
from ...planning import CONVERTED, is_recorded, newer_fields, same
from ...store.backups.newer import note_newer
from ...store.notifications import mark_folded
from ...store.webinars import Bound, change_binding, find_binding, load_seats, release
from ...zoom import ConvertedError, WebinarGoneError, parse
from ..context import Context
from ..timeline import record_happening
from .executors import record_reported, record_seats, reported_fields
from .known import READ_AGAIN_AFTER, READ_AGAIN_BEFORE, Known
from .made_there import load_made_there
from .recording_rights import look_up_right

_ECHO = timedelta(minutes=2)  # how long after our own change Zoom's notification of it may come
_COMPARED = ("topic", "start", "duration", "timezone", "agenda")  # with what a restored backup knew


def refresh_webinar(context: Context, known: Known) -> bool:
    """Read the webinar again if what we know of it may be old; return whether it was read.

    An echo of our own change is no reason. The notifications count as looked into afterwards. Whether its host may
    record to the cloud is looked up with it, and each time while it may not.
    """
    bound, event, now = known.bound, known.event, context.clock.now()
    reads = False
    if bound and bound.state != "cancelled":
        coming = bound.state == "bound" and now < event.end_utc
        aged = coming and event.start_utc < now + READ_AGAIN_BEFORE and bound.known_at < now - READ_AGAIN_AFTER
        restored = known.is_older and now < event.end_utc
        reads = aged or restored or (coming and _is_renamed(context, bound))
        reads = reads or any(not _is_echo(context, bound, row) for row in known.notifications)
        if reads:
            converted = any(row.kind == "webinar.converted_to_meeting" for row in known.notifications)
            _read_again(context, event, bound, converted=converted, restored=restored)
        if coming and (aged or known.records is False) and is_recorded(event, context.profile_of(event)):
            look_up_right(context, bound)
    if known.notifications:
        with context.database.begin() as connection:
            mark_folded(connection, [row.id for row in known.notifications])
    return reads


def _is_renamed(context: Context, bound: Bound) -> bool:
    """Return whether the home that made the webinar names another now: this one may be deleted, without a word."""
    if bound.origin != "home":
        return False
    with context.database.read() as connection:
        records = load_made_there(context, connection, bound.event_id)
    return bool(records) and all(record.webinar_id != bound.webinar_id for record in records)


def note_gone(context: Context, event_id: str, *, converted: bool = False, restored: bool = False) -> None:
    """Note that the event's webinar is no longer at Zoom, or is a meeting there: an operator decides what follows.

    `restored`: a restored backup knew it as being there.
    """
    with context.database.begin() as connection:
        bound = find_binding(connection, event_id)
        if bound is None or bound.state == "cancelled":
            return
        known = {name: value for name, value in bound.known if name != CONVERTED} | (
            {CONVERTED: True} if converted else {}
        )
        now = context.database.now(connection)
        change_binding(connection, event_id, state="gone", known=tuple(sorted(known.items())), known_at=now)
        release(connection, event_id)
        if bound.state != "gone":
            what = "made a meeting" if converted else "deleted"
            sentence = f"Webinar {bound.webinar_id} was {what} at Zoom, by somebody else."
            record_happening(context, connection, event_id, "webinar_gone", sentence)
            if restored:
                note_newer(connection, "gone", {event_id: bound.webinar_id})


def _is_echo(context: Context, bound: Bound, row: Row[Any]) -> bool:
    """Return whether a notification reports our own change: it says nothing that we do not know."""
    if row.kind != "webinar.updated":
        return False
    notification = parse({}, (context.box.unseal(row.body) or "").encode())
    if notification is None:
        return True
    if notification.fields:
        fields = dict(bound.known)
        return all(name not in fields or same(fields[name], value) for name, value in notification.fields.items())
    return row.occurred_at is not None and abs(row.occurred_at - bound.known_at) < _ECHO


def _read_again(context: Context, event: Event, bound: Bound, *, converted: bool, restored: bool) -> None:
    """Read webinar and panelists. `converted`: a notification says that the webinar is a meeting now.

    `restored`: what is known is that of a backup, and what has changed since then is newer.
    """
    gateway = context.gateway(bound.account)
    try:
        webinar = gateway.get_webinar(bound.webinar_id)
        panelists = gateway.get_panelists(bound.webinar_id)
    except WebinarGoneError as error:
        converted = converted or isinstance(error, ConvertedError)
        note_gone(context, event.id, converted=converted, restored=restored)
        return
    with context.database.begin() as connection:
        reported = reported_fields(webinar)
        profile = context.profile_of(event)
        newer = newer_fields(event, profile, context.installation, reported, bound.known) if restored else ()
        seats = _seats(connection, event.id) if restored else set()
        record_reported(context, connection, event.id, webinar, newer)
        record_seats(context, connection, event, panelists, ours=restored and bound.origin == "created")
        if restored:
            _note_newer(connection, bound, dict(reported), _seats(connection, event.id) - seats)
        if bound.state == "gone":
            change_binding(connection, event.id, state="bound")


def _seats(connection: Connection, event_id: str) -> set[str]:
    return {row.email for row in load_seats(connection, event_id)}


def _note_newer(connection: Connection, bound: Bound, has: Mapping[str, Any], seated: Collection[str]) -> None:
    """Note in what a webinar differs from what a restored backup knew of it."""
    had = dict(bound.known)
    if changed := [name for name in _COMPARED if not same(had.get(name), has.get(name))]:
        note_newer(connection, "changed", {bound.event_id: changed})
    if seated:
        note_newer(connection, "seated", {bound.event_id: len(seated)})
