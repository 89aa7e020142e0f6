"""Load the facts of which an event's stages are computed. Nothing is asked of Zoom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from ...errors import ParkedError, ZoomOpsError
from ...events import Event
from ...messages import Message
from ...planning import Observed, Plan
from ...profiles import Profile
from ...stages import EventFacts, Instance, RunFacts, ServiceFacts, Stage, stages_of
from ...store.db.values import slices
from ...store.event_queries import RESTS
from ...store.events import load_event
from ...store.recordings import load_held
from ...store.tables import binding, recording, seat
from ...store.tables import event as events
from ..context import Context
from ..holdups import load_service_facts
from ..reconcile.known import Shared
from ..reconcile.observe import observe, plan_observed
from ..reconcile.together import group_held, share_events, share_runs
from ..subjects import record_subject

_seated = select(func.max(seat.c.at)).where(seat.c.event_id == events.c.id).scalar_subquery()
_fetched = select(func.max(recording.c.fetched_at)).where(recording.c.event_id == events.c.id).scalar_subquery()
_TIMES = (
    select(
        events.c.id,
        events.c.created_at,
        events.c.updated_at,
        binding.c.created_at.label("bound_at"),
        binding.c.held,
        RESTS.label("rests"),
        _seated.label("seated_at"),
        _fetched.label("fetched_at"),
    )
    .select_from(events.outerjoin(binding, binding.c.event_id == events.c.id))
    .where(events.c.id.in_(bindparam("event_ids", expanding=True)))
)


@dataclass(frozen=True, kw_only=True)
class Times:
    """When what happened to an event, as far as its stages need it."""

    values: Mapping[str, Any]
    instances: tuple[Instance, ...]
    runs: Mapping[str, RunFacts]
    link_runs: Mapping[str, RunFacts]  # by home


def load_stages(context: Context, event_id: str, shared: Shared | None = None) -> tuple[Stage, ...]:
    """Load the stages of an event; raise NotFoundError with the nearest ids. `shared`: see `observe`."""
    return stages_of(load_facts(context, event_id, shared=shared))


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
    shared = shared or Shared()
    with context.database.read() as connection:
        event = shared.once(event_id, load_event, connection, event_id)
        whole = service or shared.once("", load_service_facts, context, connection)
        times = shared.once(event_id, _find_times, connection, event_id, context.homes, shared)
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


def share_times(connection: Connection, event_ids: Collection[str], homes: Collection[str], shared: Shared) -> None:
    """Load at once what `load_facts` needs of several events, and keep it for a look at them."""
    share_events(connection, tuple(event_ids), shared)
    for event_id, times in _load_times(connection, event_ids, homes, shared).items():
        shared.keep(event_id, _find_times, times)


def _find_times(connection: Connection, event_id: str, homes: Collection[str], shared: Shared) -> Times:
    return _load_times(connection, (event_id,), homes, shared)[event_id]


def _load_times(
    connection: Connection, event_ids: Iterable[str], homes: Collection[str], shared: Shared
) -> dict[str, Times]:
    """Load when what happened to several events, by event; unknown ids are left out."""
    values = dict[str, dict[str, Any]]()
    for some in slices(event_ids):
        for row in connection.execute(_TIMES, {"event_ids": some}).all():
            known = row._asdict()
            values[known.pop("id")] = known
    held = shared.each(values, load_held, lambda some: group_held(connection, some))
    latest = share_runs(connection, values, homes, shared)
    return {
        event_id: Times(
            values=known,
            instances=tuple(sorted(map(_read_instance, held[event_id]), key=_begin)),
            runs={job: run for (job, about), run in latest[event_id].items() if about.kind == "event"},
            link_runs={
                home: run
                for (_, about), run in latest[event_id].items()
                for home in homes
                if about == record_subject(home, event_id)
            },
        )
        for event_id, known in values.items()
    }


def _read_instance(row: Row[Any]) -> Instance:
    return Instance(started_at=row.started_at, ended_at=row.ended_at, practice=bool(row.practice))


def _begin(instance: Instance) -> tuple[bool, float]:
    """Return what instances are ordered by: the earliest first, those that never began last."""
    return instance.started_at is None, instance.started_at.timestamp() if instance.started_at else 0


def _profile_of(context: Context, event: Event) -> tuple[Profile, Message | None]:
    try:
        return context.profile_of(event), None
    except ParkedError as error:
        return Profile(name=event.profile), error.why


def _plan(
    context: Context, event: Event, profile: Profile, unknown: Message | None, shared: Shared
) -> tuple[Observed, Plan, Message | None]:
    """Observe and plan; without a plan, return the reason. An event of an unknown profile has none."""
    observed = Observed(account=context.account_of(event))
    try:
        observed = shared.once(event.id, observe, context, event, profile, asks=False, shared=shared)
        plan = Plan(event=event.id) if unknown else shared.once(event.id, plan_observed, context, event, observed)
    except ZoomOpsError as error:
        return observed, Plan(event=event.id), error.why
    return observed, plan, None


def _hears(context: Context, account: str | None) -> bool:
    """Return whether Zoom can notify us of an account: it has a secret to check notifications with."""
    gateway = context.gateways.get(account or "")
    return gateway is not None and bool(gateway.account.webhook_secrets)
