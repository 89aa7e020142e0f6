"""The Zoom accounts as operators see them: which work, which are stopped and why."""

from typing import Any

from sqlalchemy import select

from ...clock import iso_text
from ...store.account_stops import Stop, load_stops
from ...store.tables import token
from ...store.zoom_calls import count_calls
from ..context import Context

Document = dict[str, Any]


def show_accounts(context: Context) -> list[Document]:
    """List the accounts as JSON values: state, since when and why, its token, calls and errors of today (UTC)."""
    now = context.clock.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with context.database.read() as connection:
        stops = load_stops(connection)
        calls = count_calls(connection, today)
        tokens = {row.account: row for row in connection.execute(select(token)) if _is_used(context, row)}
        at = context.database.now(connection)
    return [
        {
            "name": name,
            **_stop_json([stop for stop in stops if stop.account == name]),
            "token_expires_in_s": round((tokens[name].expires_at - at).total_seconds()) if name in tokens else None,
            "calls_today": sum(one.calls for one in calls if one.account == name),
            "errors_today": sum(one.calls for one in calls if one.account == name and not _is_well(one)),
        }
        for name in sorted(context.gateways)
    ]


def _stop_json(stops: list[Stop]) -> Document:
    """Describe the stops of an account: one of the whole account counts before those of single verbs."""
    if not stops:
        return {"state": "working", "since": None, "reason": None, "retry_at": None, "stopped_for": []}
    first = stops[0]
    return {
        "state": "partly stopped" if first.verb else "stopped",
        "since": iso_text(first.since),
        "reason": first.sentence,
        "retry_at": iso_text(first.retry_at),
        "stopped_for": [stop.verb for stop in stops if stop.verb],
    }


def _is_used(context: Context, row: Any) -> bool:
    gateway = context.gateways.get(row.account)
    return gateway is not None and gateway.fingerprint == row.fingerprint


def _is_well(answered: Any) -> bool:
    """Tell whether calls were answered in an ordinary way; Zoom's 404 is: it says that there is none yet."""
    status = answered.status
    return status is not None and not answered.strange and (status < 400 or status == 404)
