"""The executor that deletes the webinar which an event had before it moved to another host."""

from datetime import datetime

from sqlalchemy import Connection

from ....engine.effects import Look
from ....errors import ParkedError
from ....messages import Message, as_said
from ....messages import alerts as say
from ....planning import CreateWebinar, DeleteOldWebinar
from ....store.alerts import Alert, raise_alert
from ....store.hosts.unbound import STRAY, Unbound, save_unbound
from ....store.webinars import change_binding, find_binding
from ....webinars import Webinar
from ....zoom import ZoomRefusedError
from ...context import Context
from ...timeline import record_happening, ring_event
from .base import Executor, look_for_deletion


def leave_old(connection: Connection, action: CreateWebinar, webinar: Webinar) -> str:
    """Note which webinar an event leaves for a new one: it is deleted next, and stray until then. Say so."""
    if action.replaces is None or action.replaces.webinar_id == webinar.id:
        return ""
    old = action.replaces
    left = {"left_webinar_id": old.webinar_id, "left_host": old.host, "seated_revision": 0}
    change_binding(connection, action.event, **left)
    stray = Unbound(account=action.account, webinar_id=old.webinar_id, host=old.host, shown="", event_id=action.event)
    save_unbound(connection, stray)
    return f" on {action.host}, in place of webinar {old.webinar_id} of {old.host}"


def delete_old_webinar(context: Context, action: DeleteOldWebinar) -> Executor:
    """Build the executor of DeleteOldWebinar. It never deletes the webinar that the event has now."""
    gateway = context.gateway(action.account)

    def send() -> None:
        with context.database.read() as connection:
            bound = find_binding(connection, action.event)
        if bound is None or bound.left_webinar_id != action.webinar_id or bound.webinar_id == action.webinar_id:
            raise ParkedError(f"Webinar {action.webinar_id} is no longer one that event {action.event} has left.")
        try:
            gateway.delete_webinar(action.webinar_id, tell_people=action.tell_people)
        except ZoomRefusedError as error:
            raise ParkedError(_report(context, action, bound.webinar_id, str(error))) from error

    def record(connection: Connection, _reply: object) -> None:
        change_binding(connection, action.event, left_webinar_id=None, left_host=None)
        sentence = f"Webinar {action.webinar_id} of {action.host} was deleted, since the event has moved."
        record_happening(context, connection, action.event, "old_webinar_deleted", sentence)
        ring_event(context, connection, action.event, "webinar.moved")

    def look(_began: datetime) -> Look:
        return look_for_deletion(gateway, action.webinar_id, lambda connection: record(connection, None))

    return Executor(send=send, record=record, look=look, slot=lambda _operator: gateway.slot("delete_webinar"))


def _report(context: Context, action: DeleteOldWebinar, webinar_id: int, reason: str) -> Message:
    """Raise the alert that an event has two webinars, and return what it says."""
    message = say.OLD_WEBINAR_LEFT(
        event=action.event,
        webinar=webinar_id,
        former=action.webinar_id,
        host=action.host,
        why=as_said(reason),
    )
    with context.database.begin() as connection:
        alert = Alert(kind=STRAY, subject=action.event, account=action.account, message=message)
        raise_alert(connection, alert, context.database.now(connection))
    return message
