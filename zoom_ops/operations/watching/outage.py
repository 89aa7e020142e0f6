"""An outage of the whole service: told at the next start, for a day."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from ...engine.heartbeat import latest_heartbeat
from ...engine.runs import count_due
from ...errors import ZoomOpsError
from ...messages import alerts as say
from ...store.alerts import Alert, clear_alert, list_raised, raise_alert
from ...store.coming import WaitingEvent, list_begun
from ..context import Context
from ..waiting import list_first

log = structlog.get_logger()
KIND = "service_was_down"
_SHORTEST = timedelta(minutes=10)
_TOLD_FOR = timedelta(hours=23)  # less than a day, so that it is not told again


def report_outage(context: Context) -> None:
    """Raise an alert if no process has performed runs lately. Call it before this process gives a sign of life.

    Nothing is told at the first start of an installation, nor while any process of a cluster was alive. A database that
    takes no alert, as while its disk is full, keeps no daemon from starting.
    """
    try:
        _report(context)
    except ZoomOpsError as error:
        log.warning("outage_not_told", reason=str(error))


def describe_outage(heard_at: datetime, now: datetime, *, due: int, begun: tuple[WaitingEvent, ...]) -> Alert:
    """Build the alert of an outage: from when until when, what was caught up on, what to look at."""
    return Alert(
        kind=KIND,
        subject=f"{heard_at:%Y-%m-%d %H:%M}",  # as in the sentence, so that it is not said twice
        message=say.OUTAGE(
            heard=heard_at,
            now=now,
            due=say.OUTAGE_DUE(runs=due) if due else None,
            begun=say.OUTAGE_BEGUN(events=list_first(begun)) if begun else None,
        ),
        severity="warning" if due or begun else "info",
        cause=heard_at.isoformat(),
    )


def clear_old_outages(connection: Connection, now: datetime) -> None:
    """Clear the alerts of outages that were told for a day."""
    for row in list_raised(connection, (KIND,)):
        if now - row.raised_at >= _TOLD_FOR:
            clear_alert(connection, row.key, now)


def _report(context: Context) -> None:
    heard_at = latest_heartbeat(context.database)
    if heard_at is None:
        return
    with context.database.read() as connection:
        now = context.database.now(connection)
        if now - heard_at < _SHORTEST:
            return
        due, _ = count_due(connection, now)
        begun = list_begun(connection, heard_at, now, limit=100)
    with context.database.begin() as connection:
        raise_alert(connection, describe_outage(heard_at, now, due=due, begun=begun), now)
