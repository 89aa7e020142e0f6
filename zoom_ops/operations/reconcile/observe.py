"""Observe an event, mostly in our own database, and hand it to the planner."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, func, select

from ...errors import PermanentError
from ...events import Event
from ...planning import (
    ELSEWHERE_LATELY,
    FEW_ELSEWHERE,
    FOREIGN_LINK,
    Booking,
    Bound,
    CancelWebinar,
    HostOnOffer,
    Observed,
    Plan,
    Precedent,
    about_of,
    guard_plan,
    is_rehearsal,
    leads_elsewhere,
    plan,
    window_of,
    without_waiting,
)
from ...profiles import Profile
from ...store.accounts.cloud_storage import find_storage
from ...store.accounts.facts import load_facts, rehearsed
from ...store.backups.restoration import find_restoration
from ...store.hosts.facts import find_right
from ...store.hosts.foreign import load_unlisted_hosts
from ...store.published import count_alerted
from ...store.recordings import is_live, load_held
from ...store.tables import effect
from ...store.webinars import Bound as BoundRow
from ...store.webinars import (
    count_upcoming,
    find_binding,
    find_refusal,
    load_bookings,
    load_seats,
    load_used_today,
)
from ...webinars import Host
from ...zoom import Gateway, ZoomRefusedError
from ..context import Context
from .foreign import find_unlisted_choice, load_foreign_bookings, read_list
from .known import Shared, account_of, bound_of, seat_of
from .made_there import load_made_there
from .recorded import load_recorded
from .restored import load_unsettled

log = structlog.get_logger()

CHANGES_A_DAY = 100  # creates and updates of one host, says Zoom
LONGEST_LIVE = timedelta(hours=24)  # a webinar that began earlier has ended, though nobody told us


def changes_left(used: int) -> int:
    """Return how many creates and updates Zoom still allows a host on a day on which it has used so many."""
    return max(0, CHANGES_A_DAY - used)


def plan_event(
    context: Context,
    event: Event,
    *,
    kinds: Collection[str] = (),
    force: bool = False,
    ask_again: bool | None = None,
    shared: Shared | None = None,
) -> Plan:
    """Plan an event as the daemon does: without unsafe actions, unless forced.

    `ask_again`: ask at once for the auto_recording and the seats that Zoom refused; by default where it is forced.

    With `kinds`, plan only these kinds of actions and observe only what they need. `shared`: see `observe`.
    """
    profile, alone = context.profile_of(event), about_of(kinds) <= {"recording", "link"}
    observed = observe_recordings(context, event) if alone else observe(context, event, profile, shared=shared)
    return plan_observed(context, event, observed, kinds=kinds, force=force, ask_again=ask_again)


def plan_observed(
    context: Context,
    event: Event,
    observed: Observed,
    *,
    kinds: Collection[str] = (),
    force: bool = False,
    ask_again: bool | None = None,
) -> Plan:
    """Plan an event from what was observed of it: see `plan_event`."""
    profile, now, about = context.profile_of(event), context.clock.now(), about_of(kinds)
    if force and observed.bound and observed.bound.state == "gone":  # an operator wants a new webinar
        observed = replace(observed, bound=None, seats=())
    if force:  # an operator waits for none that a home has not made
        observed = replace(observed, made_there=without_waiting(observed.made_there))
    if observed.bound and (force if ask_again is None else ask_again):
        observed = replace(observed, bound=replace(observed.bound, ask_again=True, refused_seats=()))
    whole = plan(event, profile, observed, now, about=about)
    if not force and any(map(leads_elsewhere, whole.actions)) and _do_many_lead_elsewhere(context, event, now):
        whole = plan(event, profile, replace(observed, holds_elsewhere=True), now, about=about)
    current = whole.only(kinds) if kinds else whole
    if force or not current.actions:
        return current
    precedent = Precedent()
    if any(isinstance(action, CancelWebinar) for action in current.actions):
        precedent = observe_precedent(context, observed.account or "", event.id)
    return guard_plan(current, observed.bound, precedent, now)


def _do_many_lead_elsewhere(context: Context, event: Event, now: datetime) -> bool:
    with context.database.read() as connection:
        return count_alerted(connection, FOREIGN_LINK, since=now - ELSEWHERE_LATELY, besides=event.id) >= FEW_ELSEWHERE


def observe(
    context: Context,
    event: Event,
    profile: Profile,
    *,
    move_to: str | None = None,
    asks: bool = True,
    shared: Shared | None = None,
) -> Observed:
    """Load what we know of an event's webinar, its hosts, its recordings and its published links.

    `move_to`: as if an operator had ordered the move to this host. `shared`: what is known of the accounts, for a look
    at many events.

    Zoom is asked only about hosts that it was not asked about within a day, and for the list of webinars of the host
    that would be chosen, if that list was not read within the hour. With `asks` false it is asked nothing: what is not
    known is left out.
    """
    asked: dict[str, Host] = {}
    shared = shared or Shared()
    now, window = context.clock.now(), window_of(event, profile)
    is_open = event.end_utc > now and event.status != "cancelled" and not event.blocking_notes()
    while True:
        with context.database.read() as connection:
            bound = shared.once(event.id, find_binding, connection, event.id)
            bound = replace(bound, move_to=move_to) if bound and move_to else bound
            account = account_of(context, event, bound)
            needs_host = is_open and (bound is None or bound.state != "bound" or bool(bound.move_to))
            gateway = context.gateway(account) if account is not None and needs_host else None
            known = asked | (shared.once(gateway.account.name, gateway.load_hosts, connection) if gateway else {})
            unknown = [email for email in (gateway.account.hosts if gateway else ()) if email not in known]
            if not (unknown and asks):
                unlisted = _unlisted(connection, gateway, shared, now) if gateway else frozenset()
                of = account if is_open else None  # whose hosts' time matters
                booked = shared.once(event.id, load_bookings, connection, of, *window, besides=event.id) if of else ()
                facts = shared.once(account, load_facts, connection, account) if account is not None else {}
                observed = Observed(
                    installation=context.installation,
                    account=account,
                    **rehearsed(facts),
                    host=bound.host if bound else "",
                    bound=_bound(connection, bound, event, now, shared) if bound else None,
                    storage=shared.once(account, find_storage, connection, account) if account is not None else None,
                    seats=tuple(seat_of(row) for row in shared.once(event.id, load_seats, connection, event.id))
                    if bound
                    else (),
                    hosts=_on_offer(connection, gateway, shared, known, now) if gateway else (),
                    bookings=tuple(
                        Booking(event=b.event_id, name=b.name or "", host=b.host, start=b.start_at, end=b.end_at)
                        for b in booked
                    ),
                    foreign=shared.once(event.id, load_foreign_bookings, connection, of, window) if of else (),
                    made_there=load_made_there(context, connection, event.id, shared=shared) if context.homes else (),
                    **load_recorded(context, connection, event, shared),
                    **_unsettled(context, connection, shared, event, bound),
                )
        if gateway and unknown and asks:
            shared.forget()
            asked |= {email: _ask_for(gateway, email) for email in unknown}
            continue
        host = find_unlisted_choice(event, profile, observed, unlisted) if gateway and asks else None
        if host is None:
            if move_to is None:
                shared.keep(event.id, observe, observed)
            return observed
        shared.forget()
        read_list(context, observed.account or "", host)
        shared.read.add((observed.account or "", host))


def observe_recordings(context: Context, event: Event) -> Observed:
    """Load what we know of an event's recordings and its published links."""
    with context.database.read() as connection:
        bound = find_binding(connection, event.id)
        return Observed(
            installation=context.installation,
            account=account_of(context, event, bound),
            host=bound.host if bound else "",
            **load_recorded(context, connection, event),
        )


def observe_precedent(context: Context, account: str, event_id: str) -> Precedent:
    """Count the account's upcoming webinars, and those that were cancelled within the hour or wait to be.

    The guard refuses many cancellations at once.
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


def _unlisted(connection: Connection, gateway: Gateway, shared: Shared, now: datetime) -> frozenset[str]:
    account = gateway.account.name
    unlisted = shared.once(account, load_unlisted_hosts, connection, account, now)
    return frozenset(host for host in unlisted if (account, host) not in shared.read)


def _unsettled(
    context: Context, connection: Connection, shared: Shared, event: Event, bound: BoundRow | None
) -> dict[str, Any]:
    """Load why an event gets no webinar yet in a database that was restored."""
    restoration = None if bound and bound.state == "bound" else shared.once("", find_restoration, connection)
    return load_unsettled(context, connection, restoration, event.id) if restoration else {}


def _bound(connection: Connection, row: BoundRow, event: Event, now: datetime, shared: Shared) -> Bound:
    known = dict(row.known)
    start, minutes = known.get("start"), known.get("duration")
    instances = shared.once(event.id, load_held, connection, (event.id,))
    live = is_live(instances, now - LONGEST_LIVE)
    if not live and isinstance(start, str) and isinstance(minutes, int):
        began = datetime.fromisoformat(start)
        until = began + timedelta(minutes=minutes)
        live = began <= now < until and all(  # the notification of the start may be lost
            not held.ended_at or is_rehearsal(held.practice, held.ended_at, began, until) for held in instances
        )
    host, times = (connection, row.account, row.host), (event.start_utc, event.end_utc)
    never_held = row.held == "never" and all(is_rehearsal(held.practice, held.ended_at, *times) for held in instances)
    return replace(
        bound_of(row),
        live=live,
        never_held=never_held,
        host_records=shared.once(f"{row.account} {row.host}", find_right, *host),
        recording_refused_at=shared.once(f"{row.account} {row.host}", find_refusal, *host),
    )


def _on_offer(
    connection: Connection, gateway: Gateway, shared: Shared, known: Mapping[str, Host], now: datetime
) -> tuple[HostOnOffer, ...]:
    """List the account's hosts; raise PermanentError where none of them can hold a webinar."""
    account = gateway.account
    on_list = [known.get(email, Host(email=email, id="", licensed=None, capacity=0)) for email in account.hosts]
    if on_list and not any(map(_may_hold, on_list)):
        hosts = ", ".join(account.hosts)
        raise PermanentError(
            f"No host of account {account.name} has a webinar licence: {hosts}. Give one of them a licence at "
            "Zoom, then read them again: zoom-ops doctor"
        )
    used = shared.once(account.name, load_used_today, connection, account.name, now.date().isoformat())
    return tuple(
        HostOnOffer(
            email=host.email,
            licensed=host.licensed,
            capacity=host.capacity,
            active=host.active,
            left_today=CHANGES_A_DAY - used.get(host.email, 0),
            records=host.cloud_recording,
        )
        for host in on_list
    )


def _may_hold(host: Host) -> bool:
    return host.active and host.licensed is not False


def _ask_for(gateway: Gateway, email: str) -> Host:
    """Get a host. An unknown one counts as unlicensed, so that the others go on."""
    try:
        return gateway.get_host(email)
    except ZoomRefusedError as error:
        log.warning("host_refused", account=gateway.account.name, reason=str(error))
        return Host(email=email, id="", licensed=False, capacity=0)
