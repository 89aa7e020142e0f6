"""Alerts for the notices of a plan: raised, reworded and cleared as the plan says."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row

from ...messages import Message
from ...planning import NOTICES, About, Plan
from ...store.alerts import Alert, Severity, are_settled, settle_alerts
from ...store.webinars import find_binding
from ..context import Context

_SEVERITIES: Mapping[str, Severity] = {  # of the notices that are no warnings: they need a look, and nothing is lost
    "link_not_hidden": "info",
    "passcode_unknown": "info",
    "recording_expires": "info",
    "recording_in_own_storage": "info",
    "rehearsal_in_recording": "info",
    "sharing_unknown": "info",
    "webinar_simulive": "info",
}


def record_notices(context: Context, noticed: Collection[Row[Any]], plan: Plan, about: Collection[About]) -> None:
    """Raise an alert for each notice of a plan, and clear those that are over.

    `noticed`: the alerts that last. `about`: what was planned; other alerts stay. Writes nothing where nothing changes.
    """
    before = [row for row in noticed if NOTICES[row.kind] in about]
    messages = {notice.notice: notice.message for notice in plan.notices if notice.notice}
    if not (before or messages):
        return
    with context.database.read() as connection:
        bound = find_binding(connection, plan.event)
    account = bound.account if bound else None
    alerts = [_alert(kind, plan.event, account, message) for kind, message in messages.items()]
    if not are_settled(alerts, before):
        with context.database.begin() as connection:
            settle_alerts(connection, alerts, before, context.database.now(connection))


def _alert(kind: str, event_id: str, account: str | None, message: Message) -> Alert:
    severity = _SEVERITIES.get(kind, "warning")
    return Alert(kind=kind, subject=event_id, account=account, message=message, severity=severity)
