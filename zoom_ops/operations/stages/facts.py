"""Load the facts of which an event's stages are computed. Nothing is asked of Zoom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from ...engine.runs import Subject
from ...errors import ParkedError, ZoomOpsError
from ...events import Event
from ...planning import Observed, Plan
from ...profiles import Profile
from ...stages import EventFacts, Instance, RunFacts, ServiceFacts, Stage, stages_of
from ...store.event_queries import RESTS
from ...store.events import load_event
from ...store.recordings import load_instances
from ...store.tables import binding, recording, seat
from ...store.tables import event as events
from ..context import Context
from ..holdups import load_run_facts, load_service_facts
from ..reconcile.known import Shared
from ..reconcile.observe import observe, plan_observed
from ..subjects import record_subject


@dataclass(frozen=True, kw_only=True)
class Times:
    """When what happened to an event, as far as its stages need it."""

    values: Mapping[str, Any]
    instances: tuple[Instance, ...]
    runs: Mapping[str, RunFacts]
    link_runs: Mapping[str, RunFacts]  # by home


def load_stages(context: Context, event_id: str) -> tuple[Stage, ...]:
    """Load the stages of an event; raise NotFoundError with the nearest ids."""
    return stages_of(load_facts(context, event_id))


def load_facts(
    context: Context,
    event_id: str,
    service: ServiceFacts | None = None,
    *,
    performing: bool = False,
    shared: Shared | None = None,
) -> EventFacts:
    """Load the facts of an event. `service`: the facts of the service, if they are loaded already.

    `performing`: a run asks, so runs are performed, whatever the signs of life say. `shared`: see `observe`.
    """
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        whole = service or load_service_facts(context, connection)
        times = _load_times(connection, event_id, context.homes)
    profile, unknown = _profile_of(context, event)
    observed, plan, unplannable = _plan(context, event, profile, unknown, shared)
    return EventFacts(
        now=context.clock.now(),
        event=event,
        profile=profile,
        observed=observed,
        plan=plan,
        service=replace(whole, is_performing=True) if performing else whole,
        hears=_hears(context, observed.account),
        instances=times.instances,
        runs=times.runs,
        link_runs=times.link_runs,
        recording_margin=context.recording_margin,
        unknown_profile=unknown,
        unplannable=unplannable,
        **times.values,
    )


def _load_times(connection: Connection, event_id: str, homes: Collection[str]) -> Times:
    seated = select(func.max(seat.c.at)).where(seat.c.event_id == event_id).scalar_subquery()
    fetched = select(func.max(recording.c.fetched_at)).where(recording.c.event_id == event_id).scalar_subquery()
    query = (
        select(
            events.c.created_at,
            events.c.updated_at,
            binding.c.created_at.label("bound_at"),
            binding.c.held,
            RESTS.label("rests"),
            seated.label("seated_at"),
            fetched.label("fetched_at"),
        )
        .select_from(events.outerjoin(binding, binding.c.event_id == events.c.id))
        .where(events.c.id == event_id)
    )
    row = connection.execute(query).one()
    subject, records = Subject(kind="event", id=event_id), {record_subject(home, event_id): home for home in homes}
    latest = load_run_facts(connection, [subject, *records])
    return Times(
        values=dict(row._mapping),
        instances=tuple(
            Instance(started_at=held.started_at, ended_at=held.ended_at, practice=bool(held.practice))
            for held in load_instances(connection, event_id)
        ),
        runs={job: facts for (job, about), facts in latest.items() if about == subject},
        link_runs={records[about]: facts for (_, about), facts in latest.items() if about in records},
    )


def _profile_of(context: Context, event: Event) -> tuple[Profile, str]:
    try:
        return context.profile_of(event), ""
    except ParkedError as error:
        return Profile(name=event.profile), str(error)


def _plan(
    context: Context, event: Event, profile: Profile, unknown: str, shared: Shared | None
) -> tuple[Observed, Plan, str]:
    """Observe and plan; without a plan, return the reason. An event of an unknown profile has none."""
    observed = Observed(account=context.account_of(event))
    try:
        observed = observe(context, event, profile, asks=False, shared=shared)
        plan = Plan(event=event.id) if unknown else plan_observed(context, event, observed)
    except ZoomOpsError as error:
        return observed, Plan(event=event.id), str(error)
    return observed, plan, ""


def _hears(context: Context, account: str | None) -> bool:
    """Return whether Zoom can notify us of an account: it has a secret to check notifications with."""
    gateway = context.gateways.get(account or "")
    return gateway is not None and bool(gateway.account.webhook_secrets)
