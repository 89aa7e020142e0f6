"""Alerts for the troubles of events and runs: raised, reworded and cleared as the stages say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from ...stages import ALERT_KINDS, EventFacts, Stage, Trouble, stages_of, troubles_of
from ...store.alerts import Alert, clear_alert, list_raised, raise_alert
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
    alerts = {alert.key: alert for alert in (_alert(subject, account, trouble) for trouble in troubles)}
    known = {row.key: row for row in before}
    over = [key for key in known if key not in alerts]
    news = [alert for key, alert in alerts.items() if key not in known or _differs(known[key], alert)]
    if over or news:
        with context.database.begin() as connection:
            _write(connection, over, news, context.database.now(connection))


def _write(connection: Connection, over: Sequence[str], news: Sequence[Alert], now: datetime) -> None:
    for key in over:
        clear_alert(connection, key, now)
    for alert in news:
        raise_alert(connection, alert, now)


def _alert(subject: str, account: str | None, trouble: Trouble) -> Alert:
    return Alert(
        kind=trouble.kind,
        subject=subject,
        account=account,
        sentence=trouble.sentence,
        severity="critical" if trouble.is_critical else "warning",
        cause=trouble.cause,
    )


def _differs(row: Row[Any], alert: Alert) -> bool:
    """Return whether an alert says something else by now. A dismissed one does if it has another cause."""
    if row.dismissed:
        return bool(row.cause != alert.cause)
    said = (row.sentence, row.severity, row.cause)
    return said != (alert.sentence, alert.severity, alert.cause)
