"""Alerts for the troubles of events and runs: raised, reworded and cleared as the stages say."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from ...stages import ALERT_KINDS, EventFacts, Stage, Trouble, stages_of, troubles_of
from ...store.alerts import Alert, are_settled, list_raised, settle_alerts
from ..context import Context


def report_stages(context: Context, facts: EventFacts) -> tuple[Stage, ...]:
    """Bring the alerts of an event to what its stages say; return the stages. Writes nothing where all is said."""
    stages = stages_of(facts)
    with context.database.read() as connection:
        before = list_raised(connection, ALERT_KINDS, [facts.event.id])
    report_troubles(context, facts.event.id, facts.observed.account, troubles_of(facts, stages), before)
    return stages


def report_troubles(
    context: Context, subject: str, account: str | None, troubles: Sequence[Trouble], before: Sequence[Row[Any]]
) -> None:
    """Bring the alerts of a subject to its troubles. `before`: the alerts of these kinds whose condition lasted."""
    alerts = [_alert(subject, account, trouble) for trouble in troubles]
    if not are_settled(alerts, before):
        with context.database.begin() as connection:
            settle_alerts(connection, alerts, before, context.database.now(connection))


def _alert(subject: str, account: str | None, trouble: Trouble) -> Alert:
    return Alert(
        kind=trouble.kind,
        subject=subject,
        account=account,
        message=trouble.message,
        severity="critical" if trouble.is_critical else "warning",
        cause=trouble.cause,
    )
