"""Observe an event and plan it: gather what is so, mostly from our own database, and hand it to the planner."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, func, select

from ...clock import Clock
from ...errors import (
    PermanentError,
)
from ...events import Event
from ...planning import (
    Booking,
    Bound,
    CancelWebinar,
    HostOnOffer,
    Observed,
    ObservedRecording,
    ObservedSeat,
    Plan,
    Precedent,
    guard_plan,
    plan,
    window_of,
)
from ...profiles import Profile
from ...store.approvals import is_approved, load_withheld
from ...store.recordings import load_instances, load_publications, load_recordings
from ...store.tables import effect
from ...store.webinars import Bound as BoundRow
from ...store.webinars import (
    count_upcoming,
    find_binding,
    is_live,
    load_bookings,
    load_seats,
    load_used_today,
)
from ...webinars import Host
from ...zoom import Gateway, ZoomRefusedError
from ..context import Context

log = structlog.get_logger()

CHANGES_A_DAY = 100  # creates and updates of one host, says Zoom
LONGEST_LIVE = timedelta(hours=24)  # a webinar that began earlier has ended, though nobody told us


def observe(context: Context, event: Event, profile: Profile) -> Observed:
    """Gather what we know of an event's webinar, its hosts, its recordings and what is published."""
    account = context.account_of(event)
    with context.database.read() as connection:
        bound = find_binding(connection, event.id)
    if bound and bound.state == "bound":
        account = bound.account
    pool = _pool(context, account) if _needs_host(event, bound, context.clock) else ()
    with context.database.read() as connection:
        return Observed(
            installation=context.installation,
            account=account,
            bound=_bound(connection, bound, context.clock.now()) if bound else None,
            seats=tuple(
                ObservedSeat(email=row.email, name=row.name, ours=row.ours) for row in load_seats(connection, event.id)
            ),
            hosts=_on_offer(connection, context, account, pool),
            bookings=_bookings(connection, event, profile, account),
            recordings=_recordings(connection, event.id),
            publications=load_publications(connection, [event.id]).get(event.id, ()),
            recording_approved=is_approved(connection, event.id, "recording"),
            practice_approved=is_approved(connection, event.id, "practice"),
            recording_address=context.recording_address(event.id),
        )


def observe_precedent(context: Context, account: str, event_id: str) -> Precedent:
    """Count what the guard weighs beside an event: the account's upcoming webinars, and those that are being cancelled.

    Those are the ones cancelled within the hour and those that wait to be: many at once are refused all together.
    """
    now = context.clock.now()
    cancelled = select(func.count()).where(
        effect.c.kind == "CancelWebinar",
        effect.c.state == "done",
        effect.c.resolved > now - timedelta(hours=1),
        effect.c.action["account"].as_string() == account,
    )
    with context.database.read() as connection:
        waiting = count_upcoming(connection, account, now, status="cancelled", besides=event_id)
        return Precedent(
            upcoming=count_upcoming(connection, account, now) - waiting,
            cancelled=connection.execute(cancelled).scalar_one() + waiting,
        )


def _needs_host(event: Event, bound: BoundRow | None, clock: Clock) -> bool:
    open_event = event.end_utc > clock.now() and event.status != "cancelled" and not event.blocking_notes()
    return open_event and (bound is None or bound.state != "bound")


def _pool(context: Context, account: str | None) -> tuple[Host, ...]:
    """Ask Zoom, at most once a day each, which of the account's hosts can hold a webinar."""
    if account is None:
        return ()
    gateway = context.gateway(account)
    known = gateway.load_hosts()
    hosts = tuple(known.get(email) or _ask_for(gateway, email) for email in gateway.account.hosts)
    if hosts and not any(host.licensed for host in hosts):
        names = ", ".join(host.email for host in hosts)
        raise PermanentError(f"No host of account {account} has a webinar licence: {names}.")
    return hosts


def _ask_for(gateway: Gateway, email: str) -> Host:
    """Get a host; one that Zoom does not know counts as without a licence, so that the others go on."""
    try:
        return gateway.get_host(email)
    except ZoomRefusedError as error:
        log.warning("host_refused", account=gateway.account.name, reason=str(error))
        return Host(email=email, id="", licensed=False, capacity=0)


def _on_offer(
    connection: Connection, context: Context, account: str | None, hosts: tuple[Host, ...]
) -> tuple[HostOnOffer, ...]:
    if account is None:
        return ()
    used = load_used_today(connection, account, context.clock.now().date().isoformat())
    return tuple(
        HostOnOffer(
            email=host.email,
            licensed=host.licensed,
            capacity=host.capacity,
            left_today=CHANGES_A_DAY - used.get(host.email, 0),
        )
        for host in hosts
    )


def _bound(connection: Connection, row: BoundRow, now: datetime) -> Bound:
    return Bound(
        webinar_id=row.webinar_id,
        host=row.host,
        state=row.state,
        origin=row.origin,
        known=row.known,
        asked=row.asked,
        refused=row.refused,
        live=is_live(connection, row.event_id, now - LONGEST_LIVE) or _should_be_live(connection, row, now),
    )


def _should_be_live(connection: Connection, row: BoundRow, now: datetime) -> bool:
    """Tell whether it is the webinar's time, where nobody has told that it was held: a notification may be lost."""
    known = dict(row.known)
    start, minutes = known.get("start"), known.get("duration")
    if not isinstance(start, str) or not isinstance(minutes, int):
        return False
    began = datetime.fromisoformat(start)
    its_time = began <= now < began + timedelta(minutes=minutes)
    return its_time and all(held.practice or not held.ended_at for held in load_instances(connection, row.event_id))


def _bookings(connection: Connection, event: Event, profile: Profile, account: str | None) -> tuple[Booking, ...]:
    if account is None:
        return ()
    start, end = window_of(event, profile)
    return tuple(
        Booking(event=row.event_id, host=row.host, start=row.start_at, end=row.end_at)
        for row in load_bookings(connection, account, start, end, besides=event.id)
    )


def _recordings(connection: Connection, event_id: str) -> tuple[ObservedRecording, ...]:
    told = {row.uuid: bool(row.practice) for row in load_instances(connection, event_id) if row.ended_at}
    withheld = load_withheld(connection, event_id)
    rows = load_recordings(connection, event_id)
    return tuple(_seen(row, told.get(row.uuid), withheld=row.uuid in withheld) for row in rows)


def _seen(row: Row[Any], practice: bool | None, *, withheld: bool) -> ObservedRecording:
    kinds = {file["file_type"] for file in row.files}
    return ObservedRecording(
        uuid=row.uuid,
        start=row.started_at,
        duration=row.duration,
        state=row.state,
        practice=practice,
        playable=bool(row.share_url) or any(file["play_url"] for file in row.files),
        transcript="TRANSCRIPT" in kinds,
        withheld=withheld,
    )


def plan_event(context: Context, event: Event, *, force: bool = False) -> Plan:
    """Plan what is to be done for an event, as the daemon would: without what is unsafe, unless forced."""
    profile, now = context.profile_of(event), context.clock.now()
    observed = observe(context, event, profile)
    if force:
        return plan(event, profile, _as_forced(observed), now)
    whole = plan(event, profile, observed, now)
    if not whole.actions:
        return whole
    cancels = any(isinstance(action, CancelWebinar) for action in whole.actions)
    precedent = observe_precedent(context, observed.account or "", event.id) if cancels else Precedent()
    return guard_plan(whole, observed.bound, precedent, now)


def _as_forced(observed: Observed) -> Observed:
    """See a webinar that was deleted at Zoom as none: an operator wants a new one."""
    gone = observed.bound is not None and observed.bound.state == "gone"
    return replace(observed, bound=None, seats=()) if gone else observed
