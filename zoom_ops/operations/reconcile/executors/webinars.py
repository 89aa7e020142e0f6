"""Executors of webinars: create, update, cancel."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from ....engine.effects import Absent, Found, Look, Undecidable
from ....planning import (
    AUTO_RECORDING,
    LASTING,
    SIMULIVE,
    CancelWebinar,
    CreateWebinar,
    Fields,
    UpdateWebinar,
    carries_marker,
    draft_of,
    read_back,
    same,
    zoom_time,
)
from ....store.accounts.facts import load_facts
from ....store.backups.restoration import find_restoration
from ....store.webinars import (
    change_binding,
    find_binding,
    load_bound_elsewhere,
    mark_resend,
    release,
    save_binding,
    unseat_all,
)
from ....webinars import ListedWebinar, Webinar
from ....zoom import WebinarGoneError
from ...context import Context
from ...timeline import record_happening
from ..recording_rights import ring_coming
from .base import Executor, done_already, look_for_deletion
from .moves import leave_old
from .special import ensure_asked, explained

READ_AT_MOST = 50
_CLOCK_SKEW = timedelta(minutes=2)  # between us and Zoom


def create_webinar(context: Context, action: CreateWebinar) -> Executor:
    """Build the executor of CreateWebinar. It looks for the marker in the host's list.

    The list shows a short agenda whole, so only cut ones are read, at most READ_AT_MOST, the likeliest first.
    """
    gateway = context.gateway(action.account)

    def look(began: datetime) -> Look:
        possible = _list_possible(context, action, began)
        read = [gateway.get_webinar(row.id) for row in possible[:READ_AT_MOST]]
        ours = [webinar for webinar in read if carries_marker(webinar.agenda, action.marker)]
        if len(ours) == 1:
            return Found(record=lambda connection: _record_found(context, action, connection, ours[0], began))
        if ours:
            ids = ", ".join(str(webinar.id) for webinar in ours)
            return Undecidable(
                sentence=f"Zoom holds several webinars for this event: {ids}. Delete all but one, then adopt that one: "
                f"zoom-ops events adopt {action.event} WEBINAR_ID"
            )
        if len(possible) > READ_AT_MOST:
            return Undecidable(
                sentence=f"Too many new webinars on {action.host} could be the one that was asked for. What to look "
                "for at Zoom: zoom-ops runs show, with the number of this run."
            )
        return Absent()

    return Executor(
        send=lambda: ensure_asked(gateway, action, gateway.create_webinar(action.host, draft_of(action.fields))),
        record=partial(_record_created, context, action),
        look=look,
        slot=lambda operator: gateway.slot("create_webinar", host=action.host, operator=operator),
        listed=True,
    )


def update_webinar(context: Context, action: UpdateWebinar) -> Executor:
    """Build the executor of UpdateWebinar. It reads the webinar back: Zoom drops some changes in silence."""
    gateway = context.gateway(action.account)
    changes = {change.field: change.new for change in action.fields}
    told = {} if action.tell_registrants is None else {"settings.notify_registrants": action.tell_registrants}

    def send() -> Webinar:
        with explained(context, action):
            sent = {**_with_neighbours(context, action, changes), **told}
            gateway.update_webinar(action.webinar_id, action.host, sent)
        with done_already():
            return gateway.get_webinar(action.webinar_id)

    def look(_began: datetime) -> Look:
        try:
            webinar = gateway.get_webinar(action.webinar_id)
        except WebinarGoneError:
            return Absent()  # the next attempt gets the same answer and handles it
        reported = dict(reported_fields(webinar))
        if all(name not in reported or same(reported[name], value) for name, value in changes.items()):
            return Found(record=lambda connection: _record_updated(context, action, connection, webinar))
        return Absent()

    return Executor(
        send=send,
        record=partial(_record_updated, context, action),
        look=look,
        slot=lambda operator: gateway.slot("update_webinar", host=action.host, operator=operator),
    )


def cancel_webinar(context: Context, action: CancelWebinar) -> Executor:
    """Build the executor of CancelWebinar."""
    gateway = context.gateway(action.account)

    def send() -> None:
        with explained(context, action):
            gateway.delete_webinar(action.webinar_id, tell_people=action.tell_people)

    def record(connection: Connection, _reply: object) -> None:
        cancelled = {"state": "cancelled", "join_url": None, "registration_url": None, "move_to": None}
        change_binding(connection, action.event, **cancelled)
        release(connection, action.event)
        unseat_all(connection, action.event)
        sentence = f"Webinar {action.webinar_id} was deleted, since the event is cancelled."
        record_happening(context, connection, action.event, "webinar_cancelled", sentence)

    def look(_began: datetime) -> Look:
        return look_for_deletion(gateway, action.webinar_id, lambda connection: record(connection, None))

    return Executor(
        send=send,
        record=record,
        look=look,
        slot=lambda _operator: gateway.slot("delete_webinar"),
    )


def reported_fields(webinar: Webinar) -> Fields:
    """List a webinar's fields as Zoom reports them, in the planner's words."""
    fields = {f"settings.{name}": value for name, value in webinar.settings}
    fields |= {
        "topic": webinar.topic,
        "agenda": webinar.agenda,
        "duration": webinar.duration,
        "timezone": webinar.timezone,
    }
    told = {"capacity": webinar.capacity, "license_type": webinar.license_type}  # Zoom tells them only if it likes
    fields |= {name: value for name, value in told.items() if value is not None}
    if webinar.simulive:
        fields[SIMULIVE] = True
    if webinar.start is not None:
        fields["start"] = zoom_time(webinar.start)
    return tuple(sorted(fields.items()))


def record_reported(
    context: Context, connection: Connection, event_id: str, webinar: Webinar, newer: Fields = ()
) -> None:
    """Save a webinar as Zoom reports it now. The values that Zoom once dropped stay noted.

    `newer`: facts of it that Zoom does not report.
    """
    bound = find_binding(connection, event_id)
    known, _ = read_back(bound.asked if bound else (), reported_fields(webinar))
    if bound and bound.webinar_id == webinar.id:
        lasting = ((name, value) for name, value in bound.known if name in LASTING)
        known = tuple(sorted({**dict(known), **dict(lasting), **dict(newer)}.items()))
    save_binding(connection, context.box, event_id, webinar, context.database.now(connection), known=known)


def _record_created(context: Context, action: CreateWebinar, connection: Connection, webinar: Webinar) -> None:
    known, refused = read_back(action.fields, reported_fields(webinar))
    now = context.database.now(connection)
    unseat_all(connection, action.event)  # those of a webinar that was deleted before
    save_binding(
        connection, context.box, action.event, webinar, now,
        known=known, asked=action.fields, refused=refused, origin="created", state="bound", refused_seats=None,
        recording_refused_at=now if AUTO_RECORDING in dict(refused) else None, move_to=None,
    )  # fmt: skip
    place = leave_old(connection, action, webinar) if action.replaces else ""
    sentence = f"Webinar {webinar.id} was created{place}."
    record_happening(context, connection, action.event, "webinar_created", sentence)


def _record_found(
    context: Context, action: CreateWebinar, connection: Connection, webinar: Webinar, began: datetime
) -> None:
    """Record a webinar that an earlier attempt has made, unless it is bound already, with its panelists.

    One that was asked for before a backup may have got panelists since: it counts as old, and is read again.
    """
    bound, restoration = find_binding(connection, action.event), find_restoration(connection)
    if bound and (bound.webinar_id, bound.state) == (webinar.id, "bound"):
        return
    _record_created(context, action, connection, webinar)
    if restoration and began <= restoration.at:
        change_binding(connection, action.event, known_at=restoration.at - timedelta(seconds=1))


def _list_possible(context: Context, action: CreateWebinar, began: datetime) -> list[ListedWebinar]:
    """List the host's webinars that may carry the marker, no older than the intent and of no other event.

    The first ones differ least from the request; somebody may have changed it since.
    """
    oldest, asked = began - _CLOCK_SKEW, draft_of(action.fields)
    rows = context.gateway(action.account).iter_webinars(action.host)
    listed = [row for row in rows if row.created_at is None or row.created_at >= oldest]
    with context.database.read() as connection:
        taken = load_bound_elsewhere(connection, action.account, (row.id for row in listed), action.event)
    possible = []
    for row in listed:
        carries = carries_marker(row.agenda, action.marker)
        if row.id not in taken and (row.cut or carries):
            possible.append(((not carries) + (row.topic != asked.topic) + (row.start != asked.start), row))
    return [row for _, row in sorted(possible, key=itemgetter(0))]


def _with_neighbours(context: Context, action: UpdateWebinar, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add the other parts of each nested setting, if a rehearsal found that this account resets what is left out."""
    tables = {name.rpartition(".")[0] for name in changes if name.count(".") > 1}
    if not tables:
        return changes
    with context.database.read() as connection:
        if load_facts(connection, action.account).get("nested_part") != "reset":
            return changes
        bound = find_binding(connection, action.event)
    known = dict(bound.known) if bound else {}
    return {name: value for name, value in known.items() if name.rpartition(".")[0] in tables} | dict(changes)


def _record_updated(context: Context, action: UpdateWebinar, connection: Connection, webinar: Webinar) -> None:
    bound = find_binding(connection, action.event)
    wanted = {change.field: change.new for change in action.fields}
    asked = {**dict(bound.asked if bound else ()), **wanted}
    reported = reported_fields(webinar)
    known, _ = read_back(tuple(asked.items()), reported)
    _, dropped = read_back(tuple(wanted.items()), reported)
    kept = {name: value for name, value in (bound.refused if bound else ()) if name not in wanted}
    refused = tuple(sorted((*kept.items(), *dropped)))
    now = context.database.now(connection)
    asked_at = {"recording_refused_at": now if AUTO_RECORDING in dict(dropped) else None}
    recording_taken = AUTO_RECORDING in wanted and AUTO_RECORDING not in dict(dropped)
    save_binding(
        connection, context.box, action.event, webinar, now,
        known=known, asked=tuple(sorted(asked.items())), refused=refused,
        **(asked_at if AUTO_RECORDING in wanted else {}),
        **({"held": None} if "start" in wanted else {}),  # what Zoom said was of the former time
    )  # fmt: skip
    if bound and bound.recording_refused_at and recording_taken:  # it is unlocked
        ring_coming(context, connection, bound.account, now, host=bound.host)
    if action.resend:
        mark_resend(connection, action.event)
        change_binding(connection, action.event, seated_revision=0)
    if set(wanted) == {AUTO_RECORDING} and dropped:
        return  # nothing has changed
    sentence = f"Webinar {webinar.id} was changed: {', '.join(wanted)}."
    record_happening(context, connection, action.event, "webinar_updated", sentence)
