"""Alerts for operators, raised once while a condition lasts, and cleared when it is over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, get_args

import structlog
from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select, text, update

from ..messages import Message
from .db.partial_indexes import IS_DISMISSED
from .db.upsert import has_words, insert_into, load_distinct
from .tables import alert as alerts

log = structlog.get_logger()
_OPEN = alerts.c.cleared_at.is_(None)
LASTS = or_(_OPEN, IS_DISMISSED)
"""The condition that what an alert tells lasts: it is open, or was dismissed."""
Severity = Literal["info", "warning", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # from the least to the worst


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A condition that an operator must know of: the message says what happened, to which thing, and what to do.

    The key consists of kind, account and subject. An alert that is open is not raised again. Open alerts of one kind,
    account and cause are one problem, and are told as one.
    """

    kind: str  # such as account_stopped: the alerts are counted by it
    message: Message
    subject: str | None = None  # an event's id, a host's address
    account: str | None = None
    severity: Severity = "warning"
    cause: str = ""  # what the alerts of one problem have in common, without the names of their subjects

    @property
    def key(self) -> str:
        """The key, which no other open alert has."""
        return key_of(self.kind, self.account, self.subject)


def key_of(kind: str, account: str | None, subject: str | None) -> str:
    """Build the key of an alert."""
    return " ".join((kind, account or "-", subject or "-"))


def raise_alert(connection: Connection, alert: Alert, now: datetime) -> bool:
    """Raise an alert and log it; return whether it is new. Where it is open already, update what it says.

    One that an operator dismissed stays away until it says something else, or was over once (`clear_alert`).
    """
    says = {"sentence": alert.message, "severity": alert.severity, "cause": alert.cause}
    if connection.execute(update(alerts).where(alerts.c.key == alert.key, _OPEN).values(says)).rowcount:
        return False
    dismissed = connection.execute(select(alerts).where(alerts.c.key == alert.key, IS_DISMISSED))
    if any(_says_the_same(row, alert) for row in dismissed):
        return False
    added = connection.execute(
        insert_into(connection, alerts)
        .values(**says, **{name: getattr(alert, name) for name in ("key", "kind", "subject", "account")}, raised_at=now)
        .on_conflict_do_nothing(index_elements=["key"], index_where=text("cleared_at IS NULL"))
        .returning(alerts.c.id)
    ).first()
    if added is None:  # another process has just raised it
        return False
    log.warning(
        "alert_raised", kind=alert.kind, account=alert.account, subject=alert.subject, sentence=str(alert.message)
    )
    return True


def clear_alert(connection: Connection, key: str, now: datetime) -> bool:
    """Clear the alert of a key, whose condition is over, and log it; return whether one was open."""
    connection.execute(update(alerts).where(alerts.c.key == key, IS_DISMISSED).values(dismissed=False))
    query = update(alerts).where(alerts.c.key == key, _OPEN).values(cleared_at=now)
    row = connection.execute(query.returning(*alerts.c)).first()
    if row is not None:
        log.info("alert_cleared", kind=row.kind, account=row.account, subject=row.subject)
    return row is not None


def dismiss(connection: Connection, alert_id: int, now: datetime) -> None:
    """Clear an open alert, and keep it away while its condition lasts."""
    connection.execute(update(alerts).where(alerts.c.id == alert_id, _OPEN).values(cleared_at=now, dismissed=True))


def list_raised(connection: Connection, kinds: Collection[str], subjects: Collection[str] = ()) -> tuple[Row[Any], ...]:
    """List the alerts whose condition lasts, open or dismissed ones: of some kinds, and of some or all subjects.

    Whoever clears what is over starts from these: a dismissed alert that is not cleared never comes back.
    """
    query = select(alerts).where(alerts.c.kind.in_(kinds), LASTS).order_by(alerts.c.id)
    return tuple(connection.execute(query.where(alerts.c.subject.in_(subjects)) if subjects else query))


def settle_alerts(connection: Connection, wanted: Iterable[Alert], lasting: Iterable[Row[Any]], now: datetime) -> None:
    """Let exactly the `wanted` alerts be open; `lasting` are those of their kinds and subjects until now.

    `list_raised` lists the lasting ones. One that an operator dismissed stays away while it says the same.
    """
    over, news = _compare(wanted, lasting)
    for key in over:
        clear_alert(connection, key, now)
    for alert in news:
        raise_alert(connection, alert, now)


def are_settled(wanted: Iterable[Alert], lasting: Iterable[Row[Any]]) -> bool:
    """Return whether `settle_alerts` has nothing to write."""
    return not any(_compare(wanted, lasting))


def find_open_alert(connection: Connection, alert_id: int) -> Row[Any] | None:
    """Find an open alert by its id, or None."""
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
    """List the open alerts, the newest first; with `cleared`, also those that are over.

    Optional filters: one of the `kinds`, all of the `words` in the text, the `subject`, and ids below `before`.
    """
    narrower = {"kinds": tuple(kinds) or None, "subject": subject, "before": before}
    given = {name: value for name, value in narrower.items() if value is not None}
    return tuple(connection.execute(_select_alerts(words, tuple(given), cleared), {"most": limit, **given}))


@lru_cache(maxsize=16)
def _select_alerts(words: str, given: tuple[str, ...], cleared: bool) -> Select[Any]:
    """Build the query of a list of alerts: the `most` of them, with the parameters that are given."""
    has_all = has_words(words, alerts.c.subject, alerts.c.account, alerts.c.sentence)
    conditions = {
        "kinds": alerts.c.kind.in_(bindparam("kinds", expanding=True)),
        "subject": alerts.c.subject == bindparam("subject"),
        "before": alerts.c.id < bindparam("before"),
    }
    query = select(alerts).where(*has_all, *(conditions[name] for name in given))
    query = query.order_by(alerts.c.id.desc()).limit(bindparam("most"))
    return query if cleared else query.where(_OPEN)


def list_subjects(connection: Connection, kinds: Collection[str]) -> frozenset[str]:
    """List what the open alerts of some kinds are about."""
    return frozenset(connection.scalars(_SUBJECTS, {"kinds": tuple(kinds)}).all())


_SUBJECTS = select(alerts.c.subject).where(
    _OPEN, alerts.c.kind.in_(bindparam("kinds", expanding=True)), alerts.c.subject.is_not(None)
)


def list_kinds(connection: Connection) -> tuple[str, ...]:
    """List the kinds of all stored alerts."""
    return tuple(load_distinct(connection, alerts.c.kind))


def count_alerts(connection: Connection) -> dict[tuple[str, str], int]:
    """Count the open alerts by kind and severity."""
    kinds = alerts.c.kind, alerts.c.severity
    query = select(*kinds, func.count().label("open")).where(_OPEN).group_by(*kinds)
    return {(row.kind, row.severity): row.open for row in connection.execute(query)}


def _compare(wanted: Iterable[Alert], lasting: Iterable[Row[Any]]) -> tuple[list[str], list[Alert]]:
    """Return the keys of the alerts that are over, and the alerts that are new or say something else by now."""
    alerts_of = {alert.key: alert for alert in wanted}
    known = {row.key: row for row in sorted(lasting, key=lambda row: (row.cleared_at is None, row.id))}
    news = [alert for key, alert in alerts_of.items() if key not in known or not _says_the_same(known[key], alert)]
    return [key for key in known if key not in alerts_of], news


def _says_the_same(row: Row[Any], alert: Alert) -> bool:
    """Return whether a stored alert says what an alert says; a dismissed one may say it in other words."""
    if row.dismissed and alert.cause:
        return bool(row.cause == alert.cause)
    said = (row.sentence, row.severity, row.cause)
    return row.sentence == alert.message if row.dismissed else said == (alert.message, alert.severity, alert.cause)
