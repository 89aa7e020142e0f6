"""Let a stopped Zoom account go on."""

from datetime import datetime

from sqlalchemy import Connection, update

from ...errors import NotFoundError
from ...store.account_stops import grant_trials, load_stops
from ...store.audit import Actor, record_audit
from ...store.db.partial_indexes import IS_ACTIVE
from ...store.tables import run
from ..context import Context


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
