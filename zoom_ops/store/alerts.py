"""Alerts: what an operator has to know, raised once while it lasts, and cleared when it is over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Row, func, or_, select, text, update

from .db.upsert import insert_into, load_distinct
from .tables import alert as alerts

log = structlog.get_logger()
_OPEN = alerts.c.cleared_at.is_(None)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What an operator has to know: a sentence that says what happened, to which thing, and what to do.

    Its key is made of kind, account and subject: while it is open it is not raised again.
    """

    kind: str  # such as account_stopped: what it is counted under
    sentence: str
    subject: str | None = None  # an event's id, a host's address
    account: str | None = None

    @property
    def key(self) -> str:
        """What no other open alert has."""
        return key_of(self.kind, self.account, self.subject)


def key_of(kind: str, account: str | None, subject: str | None) -> str:
    """Build the key of an alert."""
    return " ".join((kind, account or "-", subject or "-"))


def raise_alert(connection: Connection, alert: Alert, now: datetime) -> bool:
    """Raise an alert and log it; where it is open already only its sentence may change. Tell whether it is new."""
    values = {"key": alert.key, "kind": alert.kind, "subject": alert.subject, "account": alert.account}
    made = connection.execute(
        insert_into(connection, alerts)
        .values(**values, sentence=alert.sentence, raised_at=now)
        .on_conflict_do_nothing(index_elements=["key"], index_where=text("cleared_at IS NULL"))
        .returning(alerts.c.id)
    ).first()
    if made is None:
        connection.execute(update(alerts).where(alerts.c.key == alert.key, _OPEN).values(sentence=alert.sentence))
        return False
    log.warning("alert_raised", kind=alert.kind, account=alert.account, subject=alert.subject, sentence=alert.sentence)
    return True


def clear_alert(connection: Connection, key: str, now: datetime) -> bool:
    """Clear the alert of a key: it is over. Tell whether one was open."""
    query = update(alerts).where(alerts.c.key == key, _OPEN).values(cleared_at=now)
    row = connection.execute(query.returning(*alerts.c)).first()
    if row is not None:
        log.info("alert_cleared", kind=row.kind, account=row.account, subject=row.subject)
    return row is not None


def find_open_alert(connection: Connection, alert_id: int) -> Row[Any] | None:
    """Find an open alert by its number, or None."""
    return connection.execute(select(alerts).where(alerts.c.id == alert_id, _OPEN)).first()


def list_alerts(
    connection: Connection,
    *,
    kinds: Collection[str] = (),
    words: str = "",
    subject: str | None = None,
    cleared: bool = False,
    before: int | None = None,
    limit: int = 1_000,
) -> tuple[Row[Any], ...]:
    """List the open alerts, the newest first; also what was cleared, if `cleared`.

    Only those of some kinds, with all of some words, and about a subject, where there are any; only before a number.
    """
    query = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
    if kinds:
        query = query.where(alerts.c.kind.in_(kinds))
    for word in words.split()[:8]:
        read = (alerts.c.subject, alerts.c.account, alerts.c.sentence)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in read)))
    if subject is not None:
        query = query.where(alerts.c.subject == subject)
    if before is not None:
        query = query.where(alerts.c.id < before)
    return tuple(connection.execute(query if cleared else query.where(_OPEN)))


def list_kinds(connection: Connection) -> tuple[str, ...]:
    """List the kinds of the alerts that ever were."""
    return tuple(load_distinct(connection, alerts.c.kind))


def count_alerts(connection: Connection) -> dict[str, int]:
    """Count the open alerts by kind."""
    query = select(alerts.c.kind, func.count().label("open")).where(_OPEN).group_by(alerts.c.kind)
    return {row.kind: row.open for row in connection.execute(query)}
