"""Resume a stopped Zoom account."""

from datetime import datetime

from sqlalchemy import Connection, update

from ...errors import NotFoundError
from ...store.account_stops import grant_trials, load_stops
from ...store.audit import Actor, record_audit
from ...store.db.partial_indexes import IS_ACTIVE
from ...store.tables import run
from ..context import Context


def resume_account(context: Context, name: str, by: Actor) -> int:
    """Allow a stopped account a trial call at once, and wake its waiting runs. Return the number of its stops.

    Raise NotFoundError for an unknown account.
    """
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
    """Wake the runs of each stopped account whose credentials have changed since Zoom refused them."""
    with context.database.begin() as connection:
        now = context.database.now(connection)
        for stop in load_stops(connection):
            gateway = context.gateways.get(stop.account)
            if gateway and not stop.verb and stop.fingerprint != gateway.fingerprint:
                wake_runs(connection, stop.account, now)


def wake_runs(connection: Connection, account: str, now: datetime) -> None:
    """Make the waiting runs of an account due at once. Runs without an account may belong to the default account."""
    connection.execute(
        update(run)
        .where(run.c.account.in_((account, "")), IS_ACTIVE, run.c.waiting, run.c.next_at > now)
        .values(next_at=now)
    )
