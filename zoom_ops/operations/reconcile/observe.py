"""Observe an event, mostly in our own database, and hand it to the planner."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from ...events import Event
from ...planning import (
    ELSEWHERE_LATELY,
    FEW_ELSEWHERE,
    FOREIGN_LINK,
    Booking,
    Bound,
    CancelWebinar,
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
from ...store.published import count_alerted
from ...store.recordings import is_live, load_held
from ...store.tables import effect
from ...store.webinars import Bound as BoundRow
from ...store.webinars import count_upcoming, find_binding, find_refusal, load_bookings, load_seats
from ...webinars import Host
from ..context import Context
from .foreign import find_unlisted_choice, load_foreign_bookings, read_list
from .known import Shared, account_of, bound_of, seat_of
from .made_there import load_made_there
from .pools import Pool, ask_for, load_pool
from .recorded import load_recorded
from .restored import load_unsettled

LONGEST_LIVE = timedelta(hours=24)  # a webinar that began earlier has ended, though nobody told us


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
    if kinds or force or ask_again:
        return plan_observed(context, event, observed, kinds=kinds, force=force, ask_again=ask_again)
    return (shared or Shared()).once(event.id, plan_observed, context, event, observed)


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
    shared, asked = shared or Shared(), dict[str, Host]()
    while True:
        with context.database.read() as connection:
            bound = shared.once(event.id, find_binding, connection, event.id)
            bound = replace(bound, move_to=move_to) if bound and move_to else bound
            pool = _find_pool(context, connection, event, bound, shared, asked)
            unknown = pool.unknown if pool and asks else ()
            if not unknown:
                observed = _load(context, connection, event, profile, bound, pool, shared)
        if pool and unknown:
            with shared.asking():
                asked |= {email: ask_for(pool.gateway, email) for email in unknown}
            continue
        host = find_unlisted_choice(event, profile, observed, pool.unlisted) if pool and asks else None
        if host is None:
            if move_to is None:
                shared.keep(event.id, observe, observed)
            return observed
        with shared.asking():
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


def _find_pool(
    context: Context,
    connection: Connection,
    event: Event,
    bound: BoundRow | None,
    shared: Shared,
    asked: Mapping[str, Host],
) -> Pool | None:
    """Load the hosts of the event's account; None where the event needs none, or has no account."""
    account = account_of(context, event, bound)
    needs_host = _is_open(context, event) and (bound is None or bound.state != "bound" or bool(bound.move_to))
    return load_pool(context, connection, account, shared, asked) if account is not None and needs_host else None


def _is_open(context: Context, event: Event) -> bool:
    """Return whether the event is to take place, and nothing in its record holds its webinar back."""
    return event.end_utc > context.clock.now() and event.status != "cancelled" and not event.blocking_notes()


def _load(
    context: Context,
    connection: Connection,
    event: Event,
    profile: Profile,
    bound: BoundRow | None,
    pool: Pool | None,
    shared: Shared,
) -> Observed:
    """Load what is known of an event and of the account that has its webinar, or would have it."""
    account, now = account_of(context, event, bound), context.clock.now()
    facts = shared.once(account, load_facts, connection, account) if account is not None else {}
    seats = shared.once(event.id, load_seats, connection, event.id) if bound else ()
    return Observed(
        installation=context.installation,
        account=account,
        **rehearsed(facts),
        host=bound.host if bound else "",
        bound=_bound(connection, bound, event, now, shared) if bound else None,
        storage=shared.once(account, find_storage, connection, account) if account is not None else None,
        seats=tuple(map(seat_of, seats)),
        hosts=pool.offers if pool else (),
        **(_taken(connection, event, profile, account, shared) if account and _is_open(context, event) else {}),
        made_there=load_made_there(context, connection, event.id, shared=shared) if context.homes else (),
        **load_recorded(context, connection, event, shared),
        **_unsettled(context, connection, shared, event, bound),
    )


def _taken(connection: Connection, event: Event, profile: Profile, account: str, shared: Shared) -> dict[str, Any]:
    """Load what takes the time of an account's hosts while an event takes place: fields."""
    window = window_of(event, profile)
    booked = shared.once(event.id, load_bookings, connection, account, *window, besides=event.id)
    return {
        "bookings": tuple(
            Booking(event=row.event_id, name=row.name or "", host=row.host, start=row.start_at, end=row.end_at)
            for row in booked
        ),
        "foreign": shared.once(event.id, load_foreign_bookings, connection, account, window),
    }


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
    return bound_of(
        row,
        live=live,
        never_held=never_held,
        host_records=shared.once(f"{row.account} {row.host}", find_right, *host),
        recording_refused_at=shared.once(f"{row.account} {row.host}", find_refusal, *host),
    )
