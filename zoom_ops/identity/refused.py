"""Refused passwords and codes in the audit: enough lines to see an attack, and few enough to survive one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ..networks import network_of
from ..store.audit import CODE_REFUSED, REFUSALS, Actor, load_refusals, record_audit

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60  # lines of all logins together, and as many about codes; log and metrics count what has none
_MOST_CODES = 10  # lines an hour about the codes of one login: who has an account hides no attack on another


def record_refusal(connection: Connection, by: Actor, what: str, login: str, now: datetime) -> None:
    """Write a line about a refused password, unless the same was refused to this login and network within an hour.

    Each wrong code has a line, up to _MOST_CODES: their number tells that a password is known. No hour has more than
    MOST_AN_HOUR lines, and wrong passwords keep no code out. `what` is one of REFUSALS; `login` is empty where there is
    no such user.
    """
    whats = [each for each in REFUSALS if (each == CODE_REFUSED) == (what == CODE_REFUSED)]
    lately = load_refusals(connection, now - AN_HOUR, MOST_AN_HOUR, whats=whats)
    if len(lately) == MOST_AN_HOUR or _is_told(lately, what, login, by):
        return
    record_audit(connection, by, what, ("user", login), now)


def _is_told(lately: Iterable[Row[Any]], what: str, login: str, by: Actor) -> bool:
    of_login = [row for row in lately if row.subject == login]
    if what == CODE_REFUSED:
        return len(of_login) >= _MOST_CODES
    same = what, network_of(by.address or "")
    return any((row.what, network_of(row.address or "")) == same for row in of_login)
