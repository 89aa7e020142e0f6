"""Executors of webinars: create, update, cancel."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from ....engine.effects import Absent, Found, Look, Undecidable
from ....planning import (
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
from ....store.webinars import change_binding, find_binding, load_bound_elsewhere, release, save_binding, unseat_all
from ....webinars import ListedWebinar, Webinar
from ....zoom import WebinarGoneError
from ...context import Context
from ...timeline import record_happening
from .base import Executor, done_already


def create_webinar(context: Context, action: CreateWebinar) -> Executor:
    """Build the executor of CreateWebinar. It looks for the marker in the host's list."""
    gateway = context.gateway(action.account)
    record = partial(_record_created, context, action)
    return Executor(
        send=lambda: gateway.create_webinar(action.host, draft_of(action.fields)),
        record=record,
        look=lambda began: _look_for_created(context, action, began),
        slot=lambda operator: gateway.slot("create_webinar", host=action.host, operator=operator),
        listed=True,
    )


def update_webinar(context: Context, action: UpdateWebinar) -> Executor:
    """Build the executor of UpdateWebinar. It reads the webinar back: Zoom drops some changes in silence."""
    gateway = context.gateway(action.account)
    changes = {change.field: change.new for change in action.fields}

    def send() -> Webinar:
        gateway.update_webinar(action.webinar_id, action.host, changes)
        with done_already():
            return gateway.get_webinar(action.webinar_id)

    return Executor(
        send=send,
        record=partial(_record_updated, context, action),
        look=lambda _began: _look_for_update(context, action),
        slot=lambda operator: gateway.slot("update_webinar", host=action.host, operator=operator),
    )


def cancel_webinar(context: Context, action: CancelWebinar) -> Executor:
    """Build the executor of CancelWebinar."""
    gateway = context.gateway(action.account)

    def look(_began: datetime) -> Look:
        try:
            gateway.get_webinar(action.webinar_id)
        except WebinarGoneError:
            return Found(record=lambda connection: _record_cancelled(context, action, connection, None))
        return Absent()

    return Executor(
        send=lambda: gateway.delete_webinar(action.webinar_id, tell_people=action.tell_people),
        record=partial(_record_cancelled, context, action),
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
    if webinar.start is not None:
        fields["start"] = zoom_time(webinar.start)
    return tuple(sorted(fields.items()))


def record_reported(context: Context, connection: Connection, event_id: str, webinar: Webinar) -> None:
    """Save a webinar as Zoom reports it now. The values that Zoom once dropped stay noted."""
    bound = find_binding(connection, event_id)
    asked = bound.asked if bound else ()
    known, _ = read_back(asked, reported_fields(webinar))
    save_binding(connection, context.box, event_id, webinar, context.database.now(connection), known=known)


def _record_created(context: Context, action: CreateWebinar, connection: Connection, webinar: Webinar) -> None:
    known, refused = read_back(action.fields, reported_fields(webinar))
    now = context.database.now(connection)
    unseat_all(connection, action.event)  # those of a webinar that was deleted before
    save_binding(
        connection,
        context.box,
        action.event,
        webinar,
        now,
        known=known,
        asked=action.fields,
        refused=refused,
        origin="created",
        state="bound",
    )
    record_happening(context, connection, action.event, "webinar_created", f"Webinar {webinar.id} was created.")


def _look_for_created(context: Context, action: CreateWebinar, began: datetime) -> Look:
    ours = find_created(context, action, began)
    if isinstance(ours, Undecidable):
        return ours
    if not ours:
        return Absent()
    if len(ours) > 1:
        ids = ", ".join(str(webinar.id) for webinar in ours)
        return Undecidable(
            sentence=f"Zoom holds several webinars for this event: {ids}. Delete all but one, then adopt that one: "
            f"zoom-ops events adopt {action.event} WEBINAR_ID"
        )
    return Found(record=lambda connection: _record_created(context, action, connection, ours[0]))


def _record_updated(context: Context, action: UpdateWebinar, connection: Connection, webinar: Webinar) -> None:
    bound = find_binding(connection, action.event)
    wanted = tuple((change.field, change.new) for change in action.fields)
    asked = {**dict(bound.asked if bound else ()), **dict(wanted)}
    reported = reported_fields(webinar)
    known, _ = read_back(tuple(asked.items()), reported)
    _, dropped = read_back(wanted, reported)
    kept = {name: value for name, value in (bound.refused if bound else ()) if name not in dict(wanted)}
    now = context.database.now(connection)
    save_binding(
        connection,
        context.box,
        action.event,
        webinar,
        now,
        known=known,
        asked=tuple(sorted(asked.items())),
        refused=tuple(sorted({**kept, **dict(dropped)}.items())),
    )
    names = ", ".join(name for name, _ in wanted)
    record_happening(
        context, connection, action.event, "webinar_updated", f"Webinar {webinar.id} was changed: {names}."
    )


def _look_for_update(context: Context, action: UpdateWebinar) -> Look:
    try:
        webinar = context.gateway(action.account).get_webinar(action.webinar_id)
    except WebinarGoneError:
        return Absent()  # the next attempt gets the same answer and handles it
    reported = dict(reported_fields(webinar))
    if all(change.field not in reported or same(reported[change.field], change.new) for change in action.fields):
        return Found(record=lambda connection: _record_updated(context, action, connection, webinar))
    return Absent()


def _record_cancelled(context: Context, action: CancelWebinar, connection: Connection, _reply: object) -> None:
    change_binding(connection, action.event, state="cancelled", join_url=None, registration_url=None)
    release(connection, action.event)
    unseat_all(connection, action.event)
    sentence = f"Webinar {action.webinar_id} was deleted, since the event is cancelled."
    record_happening(context, connection, action.event, "webinar_cancelled", sentence)


READ_AT_MOST = 50
_CLOCK_SKEW = timedelta(minutes=2)  # between us and Zoom


def find_created(context: Context, action: CreateWebinar, began: datetime) -> tuple[Webinar, ...] | Undecidable:
    """Find the webinars that carry the action's marker, among those no older than its intent.

    The list shows a short agenda whole, so only cut ones are read, at most READ_AT_MOST, the likeliest first. Webinars
    of other events are not read.
    """
    gateway = context.gateway(action.account)
    listed = [row for row in gateway.iter_webinars(action.host) if _is_new(row, began)]
    with context.database.read() as connection:
        taken = load_bound_elsewhere(connection, action.account, (row.id for row in listed), action.event)
    possible = [row for row in listed if row.id not in taken and _may_carry(row, action.marker)]
    likely = sorted(possible, key=lambda row: _unlikeness(row, action))
    read = [gateway.get_webinar(row.id) for row in likely[:READ_AT_MOST]]
    ours = tuple(webinar for webinar in read if carries_marker(webinar.agenda, action.marker))
    if not ours and len(likely) > READ_AT_MOST:
        return Undecidable(
            sentence=f"Too many new webinars on {action.host} could be the one that was asked for. What to look for at "
            "Zoom: zoom-ops runs show, with the number of this run."
        )
    return ours


def _is_new(row: ListedWebinar, began: datetime) -> bool:
    return row.created_at is None or row.created_at >= began - _CLOCK_SKEW


def _may_carry(row: ListedWebinar, marker: str) -> bool:
    return row.cut or carries_marker(row.agenda, marker)


def _unlikeness(row: ListedWebinar, action: CreateWebinar) -> int:
    """Count the differences between a webinar and the request; somebody may have changed it since."""
    asked = draft_of(action.fields)
    carries = carries_marker(row.agenda, action.marker)
    return (not carries) + (row.topic != asked.topic) + (row.start != asked.start)
