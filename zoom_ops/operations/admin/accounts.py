"""Pause a Zoom account; resume a stopped or paused one; read its hosts again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from ...errors import BadInputError, NotFoundError, ZoomOpsError
from ...store.accounts.stops import end_pause, grant_trials, load_stops
from ...store.accounts.stops import pause_account as store_pause
from ...store.audit import Actor, record_audit
from ...store.db.partial_indexes import IS_ACTIVE
from ...store.tables import run
from ...webinars import Host
from ...zoom import ZoomRefusedError
from ..context import Context
from ..notes import clean_note

MOST_READ = 50
"""The number of hosts that are read at once by hand: 2 calls to Zoom each."""


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """What a resumption has ended: a pause; what it has allowed: a trial call for each of the stops."""

    was_paused: bool
    stops: int


def pause_account(context: Context, name: str, note: str, by: Actor) -> None:
    """Pause an account: no call goes to Zoom, and its runs wait. Change the note where it is paused already.

    Raise NotFoundError for an unknown account, BadInputError for a note that says nothing.
    """
    _check_known(context, name)
    why = clean_note(note)
    with context.database.begin() as connection:
        now = context.database.now(connection)
        store_pause(connection, name, why, by.name, now)
        record_audit(connection, by, "account_paused", ("account", name), now, note=why)


def resume_account(context: Context, name: str, by: Actor) -> Resumed:
    """End an account's pause, allow a stopped one a trial call at once, and wake its waiting runs.

    Raise NotFoundError for an unknown account.
    """
    _check_known(context, name)
    with context.database.begin() as connection:
        now = context.database.now(connection)
        resumed = Resumed(was_paused=end_pause(connection, name), stops=grant_trials(connection, name, now))
        if resumed.was_paused or resumed.stops:
            wake_runs(connection, name, now)
            record_audit(connection, by, "account_resumed", ("account", name), now)
    return resumed


def read_hosts_again(context: Context, name: str, by: Actor) -> tuple[tuple[str, Host | ZoomOpsError], ...]:
    """Ask Zoom anew about the hosts of an account, and wake its waiting runs. Return each host, or the error instead.

    At most 50 are read: first those that can hold no webinar, as far as is known. An error that is not of one host
    ends the reading. Raise NotFoundError for an unknown account, BadInputError for one that is paused or has no host.
    """
    _check_known(context, name)
    gateway = context.gateways[name]
    with context.database.read() as connection:
        if any(stop.is_pause and stop.account == name for stop in load_stops(connection)):
            raise BadInputError(f"Account {name} is paused, so Zoom is not asked: zoom-ops accounts resume {name}")
        known = gateway.load_hosts(connection)
    if not gateway.account.hosts:
        raise BadInputError(f"Account {name} has no hosts: its HOSTS setting is empty.")
    sound = {email for email, host in known.items() if host.active and host.licensed}
    read: list[tuple[str, Host | ZoomOpsError]] = []
    for email, host in gateway.read_hosts(sorted(gateway.account.hosts, key=sound.__contains__)[:MOST_READ]):
        read.append((email, host))
        if isinstance(host, ZoomOpsError) and not isinstance(host, ZoomRefusedError):
            break
    with context.database.begin() as connection:
        now = context.database.now(connection)
        wake_runs(connection, name, now)
        record_audit(connection, by, "hosts_read", ("account", name), now, hosts=len(read))
    return tuple(read)


def wake_mended(context: Context) -> None:
    """Wake the runs of each stopped account whose credentials have changed since Zoom refused them."""
    with context.database.begin() as connection:
        now = context.database.now(connection)
        for stop in load_stops(connection):
            gateway = context.gateways.get(stop.account)
            if gateway and not stop.verb and not stop.is_pause and stop.fingerprint != gateway.fingerprint:
                wake_runs(connection, stop.account, now)


def wake_runs(connection: Connection, account: str, now: datetime) -> None:
    """Make the waiting runs of an account due at once. Runs without an account may belong to the default account."""
    connection.execute(
        update(run)
        .where(run.c.account.in_((account, "")), IS_ACTIVE, run.c.waiting, run.c.next_at > now)
        .values(next_at=now)
    )


def _check_known(context: Context, name: str) -> None:
    if name not in context.gateways:
        raise NotFoundError("Zoom account", name, context.gateways)
