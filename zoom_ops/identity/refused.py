"""Refused passwords in the audit: enough lines to see an attack, and few enough to survive one."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..networks import network_of
from ..store.audit import Actor, load_refusals, record_audit

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60  # lines of all logins together; log and metrics count what has none


def record_refusal(connection: Connection, by: Actor, what: str, login: str, now: datetime) -> None:
    """Write a line about a refused password, unless the same was refused to this login and network within an hour.

    No hour has more than MOST_AN_HOUR lines. `what` is one of REFUSALS; `login` is empty where there is no such user.
    """
    lately = load_refusals(connection, now - AN_HOUR, MOST_AN_HOUR)
    same = (what, login, network_of(by.address or ""))
    if len(lately) == MOST_AN_HOUR or any(
        (row.what, row.subject, network_of(row.address or "")) == same for row in lately
    ):
        return
    record_audit(connection, by, what, ("user", login), now)
