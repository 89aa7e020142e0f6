"""Refused passwords and codes in the audit: enough lines to see an attack, and few enough to survive one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ..networks import network_of
from ..store.audit import CODE_REFUSED, REFUSALS, Actor, load_refusals, record_audit

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60  # lines of all logins together, and as many about codes; log and metrics count what has none


def record_refusal(connection: Connection, by: Actor, what: str, login: str, now: datetime) -> None:
    """Write a line about a refused password, unless the same was refused to this login and network within an hour.

    Each wrong code has a line: the limits let few through, and their number tells that a password is known. No hour has
    more than MOST_AN_HOUR lines, so wrong passwords keep no code out. `what` is one of REFUSALS; `login` is empty where
    there is no such user.
    """
    whats = [each for each in REFUSALS if (each == CODE_REFUSED) == (what == CODE_REFUSED)]
    lately = load_refusals(connection, now - AN_HOUR, MOST_AN_HOUR, whats=whats)
    if len(lately) == MOST_AN_HOUR or (what != CODE_REFUSED and _is_among(lately, what, login, by)):
        return
    record_audit(connection, by, what, ("user", login), now)


def _is_among(lately: Iterable[Row[Any]], what: str, login: str, by: Actor) -> bool:
    same = (what, login, network_of(by.address or ""))
    return any((row.what, row.subject, network_of(row.address or "")) == same for row in lately)
