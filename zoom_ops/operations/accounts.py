"""The Zoom accounts, as operators see them: which work, which are stopped, and how a stopped one goes on."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from ..clock import iso_text
from ..errors import NotFoundError
from ..store.audit import Actor, record_audit
from ..store.calls import count_calls
from ..store.conditions import IS_ACTIVE
from ..store.stops import Stop, grant_trials, load_stops
from ..store.tables import run, token
from .context import Context

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


def resume_account(context: Context, name: str, by: Actor) -> int:
    """Let a stopped account make a trial call at once, and its waiting runs look again; tell how many stops it had."""
    if name not in context.gateways:
        raise NotFoundError("Zoom account", name, context.gateways)
    with context.database.begin() as connection:
        now = context.database.now(connection)
        count = grant_trials(connection, name, now)
        if count:
            wake_runs(connection, name, now)
            record_audit(connection, by, "account_resumed", ("account", name), now)
    return count


def wake_mended(context: Context) -> None:
    """Let the runs go on that wait for an account whose credentials are others than those that Zoom refused."""
    with context.database.begin() as connection:
        now = context.database.now(connection)
        for stop in load_stops(connection):
            gateway = context.gateways.get(stop.account)
            if gateway and not stop.verb and stop.fingerprint != gateway.fingerprint:
                wake_runs(connection, stop.account, now)


def wake_runs(connection: Connection, account: str, now: datetime) -> None:
    """Let the waiting runs of an account look again at once; those without one are of the default account, perhaps."""
    connection.execute(
        update(run)
        .where(run.c.account.in_((account, "")), IS_ACTIVE, run.c.waiting, run.c.next_at > now)
        .values(next_at=now)
    )


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
