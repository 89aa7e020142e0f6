"""The weekly check that Zoom still has what is published: a page of its list for each host and month of recordings."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from ...messages import alerts as say
from ...planning import LOOK_AGAIN, is_expired
from ...store.alerts import Alert, clear_alert, key_of, raise_alert
from ...store.published import count_published, load_due_looks
from ...store.recordings import read_day
from ...zoom import UserGoneError
from ..context import Context
from .presence import look_for
from .sweep import sweep_days

USER_GONE = "recording_host_gone"
_MONTHS_AT_ONCE = 6  # of one host in one run; the others follow in the next turn
_LOOKS_AT_ONCE = 100


def check_host(context: Context, account: str, host: str) -> tuple[str, ...]:
    """Look at the published recordings of a host that are due for it; return the events with news.

    A recording is looked for by its uuid where an earlier look did not find it, or where Zoom said that it deletes it.
    """
    now = context.clock.now()
    with context.database.read() as connection:
        due = load_due_looks(connection, account, host, now, LOOK_AGAIN)
    alone = [row for row in due if _is_alone(row, now)]
    listed = [row for row in due if row not in alone]
    touched: tuple[str, ...] = ()
    try:
        for first, last in _months(listed)[:_MONTHS_AT_ONCE]:
            touched += sweep_days(context, account, host, first, last)
        if listed:
            clear_user_gone(context, account, host)
    except UserGoneError:
        report_user_gone(context, account, host)
        alone += listed  # there is no list any more; each may still be there, given to another user
    for row in alone[:_LOOKS_AT_ONCE]:
        look_for(context, account, row)
    return tuple(dict.fromkeys(touched))


def report_user_gone(context: Context, account: str, host: str) -> None:
    """Raise the alert that Zoom has no such user, and so no list of their recordings."""
    with context.database.begin() as connection:
        count = count_published(connection, account, host)
        message = say.RECORDING_HOST_GONE(host=host, recordings=count)
        alert = Alert(kind=USER_GONE, subject=host, account=account, message=message)
        raise_alert(connection, alert, context.database.now(connection))


def clear_user_gone(context: Context, account: str, host: str) -> None:
    """Clear the alert: Zoom lists the host's recordings again."""
    with context.database.begin() as connection:
        clear_alert(connection, key_of(USER_GONE, account, host), context.database.now(connection))


def _is_alone(row: Row[Any], now: datetime) -> bool:
    no_page = row.missing_since is not None or row.started_at is None
    return no_page or is_expired(read_day(row.auto_delete_date), now)


def _months(rows: Sequence[Row[Any]]) -> list[tuple[date, date]]:
    """Return the first and the last day of each month in which recordings began, in the order of the rows."""
    months = dict.fromkeys((row.started_at.year, row.started_at.month) for row in rows)
    return [(date(year, month, 1), date(year, month, monthrange(year, month)[1])) for year, month in months]
