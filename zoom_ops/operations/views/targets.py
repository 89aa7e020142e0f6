"""Where operators are told, as they see it."""

from typing import Any

from ...clock import iso_text
from ...store.alerting.messages import count_messages, load_targets
from ..context import Context

Document = dict[str, Any]


def show_targets(context: Context) -> list[Document]:
    """List the targets as JSON values with their latest results; also the entries that cannot be used."""
    alerting = context.alerting
    with context.database.read() as connection:
        rows, counts = load_targets(connection), count_messages(connection)
    shown: list[Document] = [{"target": wrong.label, "state": "wrong", "answer": wrong.why} for wrong in alerting.wrong]
    for target in alerting.targets:
        row, count = rows.get(target.id), counts.get(target.id, {})
        state = "new" if row is None or row.tried_at is None else "failing" if row.failing_since else "working"
        shown.append(
            {
                "target": target.label,
                "wants": ", ".join(_wish(wish.severity, wish.account) for wish in target.wishes),
                "state": state,
                **{name: count.get(name, 0) for name in ("waiting", "failed", "taken")},
                "tried": iso_text(row.tried_at) if row else None,
                "failing_since": iso_text(row.failing_since) if row else None,
                "answer": row.answer if row else None,
            }
        )
    blank = {"wants": None, "waiting": 0, "failed": 0, "taken": 0, "tried": None, "failing_since": None}
    return sorted((blank | row for row in shown), key=lambda row: int(row["target"].rpartition("#")[2]))


def _wish(severity: str, account: str | None) -> str:
    what = {"info": "everything", "warning": "warning and critical", "critical": "critical"}[severity]
    return f"{what} of {account}" if account else what
