"""Alerts for the notices of a plan: raised, reworded and cleared as the plan says."""

from collections.abc import Collection, Mapping

from ...planning import NOTICES, About, Plan
from ...store.alerts import Alert, Severity, clear_alert, raise_alert
from ...store.webinars import find_binding
from ..context import Context
from .known import Known

_SEVERITIES: Mapping[str, Severity] = {  # of the notices that are no warnings: they need a look, and nothing is lost
    "passcode_unknown": "info",
    "recording_expires": "info",
    "recording_in_own_storage": "info",
    "rehearsal_in_recording": "info",
    "sharing_unknown": "info",
    "webinar_simulive": "info",
}


def record_notices(context: Context, known: Known, plan: Plan, about: Collection[About]) -> None:
    """Raise an alert for each notice of a plan, and clear those that are over.

    `about`: what was planned; other alerts stay. Writes nothing where all is as `known` says.
    """
    sentences = {notice.notice: notice.sentence for notice in plan.notices if notice.notice}
    before = {row.kind: row for row in known.noticed if NOTICES[row.kind] in about}
    if sentences == {kind: row.sentence for kind, row in before.items()}:
        return
    with context.database.begin() as connection:
        now = context.database.now(connection)
        bound = find_binding(connection, plan.event)
        account = bound.account if bound else None
        for kind, row in before.items():
            if kind not in sentences or row.account != account:
                clear_alert(connection, row.key, now)
        for kind, sentence in sentences.items():
            severity = _SEVERITIES.get(kind, "warning")
            alert = Alert(kind=kind, subject=plan.event, account=account, sentence=sentence, severity=severity)
            raise_alert(connection, alert, now)
