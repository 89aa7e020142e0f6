"""The state of the Zoom accounts, for operators."""

from typing import Any

from sqlalchemy import select

from ...clock import iso_text
from ...store.accounts.stops import Stop, load_stops
from ...store.tables import token
from ...store.zoom_calls import count_calls
from ..context import Context

Document = dict[str, Any]


def show_accounts(context: Context) -> list[Document]:
    """List the accounts as JSON values: state with time, reason and who paused it; OAuth token; today's calls (UTC)."""
    now = context.clock.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    fingerprints = {name: gateway.fingerprint for name, gateway in context.gateways.items()}
    with context.database.read() as connection:
        stops = load_stops(connection)
        counts = count_calls(connection, today)
        rows = connection.execute(select(token))
        tokens = {row.account: row for row in rows if row.fingerprint == fingerprints.get(row.account)}
        at = context.database.now(connection)
    # a 404 of Zoom's is no error: the object does not exist yet
    errors = [c for c in counts if c.status is None or c.strange or (c.status >= 400 and c.status != 404)]
    return [
        {
            "name": name,
            **_stop_json([stop for stop in stops if stop.account == name]),
            "token_expires_in_s": round((tokens[name].expires_at - at).total_seconds()) if name in tokens else None,
            "calls_today": sum(count.calls for count in counts if count.account == name),
            "errors_today": sum(count.calls for count in errors if count.account == name),
        }
        for name in sorted(context.gateways)
    ]


def _stop_json(stops: list[Stop]) -> Document:
    """Describe the stops of an account: its pause is first, then a stop of the entire account, then of single verbs."""
    if not stops:
        nothing: Document = {"since": None, "reason": None, "paused_by": None, "retry_at": None, "stopped_for": []}
        return {"state": "working", **nothing}
    first = stops[0]
    return {
        "state": "paused" if first.is_pause else "partly stopped" if first.verb else "stopped",
        "since": iso_text(first.since),
        "reason": first.sentence,
        "paused_by": first.by or None,
        "retry_at": iso_text(first.retry_at),
        "stopped_for": [stop.verb for stop in stops if stop.verb],
    }
