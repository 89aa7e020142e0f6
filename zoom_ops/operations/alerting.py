"""What operators are told without asking: the open alerts."""

from datetime import datetime
from typing import Any

from ..store.alerts import count_alerts, list_alerts
from .context import Context


def show_alerts(context: Context, *, cleared: bool = False, limit: int = 50) -> list[dict[str, Any]]:
    """List the open alerts as JSON values, the newest first; also what is over, if `cleared`."""
    with context.database.read() as connection:
        rows = list_alerts(connection, cleared=cleared, limit=limit)
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "subject": row.subject,
            "account": row.account,
            "sentence": row.sentence,
            "raised": _text(row.raised_at),
            "cleared": _text(row.cleared_at),
        }
        for row in rows
    ]


def count_open_alerts(context: Context) -> int:
    """Count the open alerts."""
    with context.database.read() as connection:
        return sum(count_alerts(connection).values())


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
