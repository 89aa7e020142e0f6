"""The alerts, for operators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ...clock import iso_text
from ...errors import NotFoundError
from ...messages import message_json
from ...store.alerts import count_alerts, dismiss, find_open_alert, list_alerts, list_kinds
from ...store.audit import Actor, record_audit
from ...store.db.connect import Database
from ...store.event_queries import load_names
from ..alerting.known import load_lasting
from .problems import Document, describe_mutes, describe_problems, describe_windows, silences


@dataclass(frozen=True, kw_only=True)
class AlertPage:
    """What the console shows of alerts: a page of them, the problems that last, and what silences them."""

    alerts: list[Document]
    problems: list[Document]
    mutes: list[Document]
    windows: list[Document]
    kinds: tuple[str, ...]  # of all alerts, open or cleared
    names: Mapping[str, str]  # of the events that they are about, by id


def show_alerts(database: Database, *, limit: int = 50, **filters: Any) -> list[dict[str, Any]]:
    """List the open alerts as JSON values, the newest first. The `filters` are those of `list_alerts`."""
    with database.read() as connection:
        rows = list_alerts(connection, limit=limit, **filters)
        names = load_names(connection, [row.subject for row in rows if row.subject])
        now = database.now(connection)
        silenced = silences(load_lasting(connection, now).known, rows, now) if rows else {}
    return _describe(rows, names, silenced)


def load_page(database: Database, *, problems: int, limit: int, **filters: Any) -> AlertPage:
    """Load the page of alerts, all of it in one state of the database. See `show_alerts`."""
    with database.read() as connection:
        now = database.now(connection)
        known = load_lasting(connection, now).known
        shown = describe_problems(connection, known, now, problems) if problems else []
        rows, kinds = list_alerts(connection, limit=limit, **filters), list_kinds(connection)
        about = {problem["subjects"][0] for problem in shown if problem["subjects"]}
        names = load_names(connection, about | {row.subject for row in rows if row.subject})
    return AlertPage(
        alerts=_describe(rows, names, silences(known, rows, now)),
        problems=shown,
        mutes=describe_mutes(known),
        windows=describe_windows(known.windows, now),
        kinds=kinds,
        names=names,
    )


def _describe(rows: Iterable[Row[Any]], names: Mapping[str, str], silenced: Mapping[int, Document]) -> list[Document]:
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "subject": row.subject,
            "account": row.account,
            "severity": row.severity,
            "cause": row.cause,
            "sentence": str(row.sentence),
            "message": message_json(row.sentence),
            "raised": iso_text(row.raised_at),
            "cleared": iso_text(row.cleared_at),
            "of_event": row.subject in names,
            **silenced[row.id],
        }
        for row in rows
    ]


def dismiss_alert(database: Database, alert_id: int, by: Actor) -> None:
    """Dismiss an open alert for an operator. It opens again only if its cause was over once and occurs again."""
    with database.begin() as connection:
        row = find_open_alert(connection, alert_id)
        if row is None:
            known = (str(alert.id) for alert in list_alerts(connection))
            raise NotFoundError("open alert", str(alert_id), known)
        now = database.now(connection)
        dismiss(connection, alert_id, now)
        record_audit(connection, by, "alert_dismissed", ("alert", alert_id), now, kind=row.kind, about=row.subject)


def count_open_alerts(database: Database) -> int:
    """Count the open alerts."""
    with database.read() as connection:
        return sum(count_alerts(connection).values())
