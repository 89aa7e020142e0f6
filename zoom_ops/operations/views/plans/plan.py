"""Plan many events, or some of them, for a look at all that would be changed outside."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from ....errors import TemporaryError, WaitingError, ZoomOpsError
from ....events import Event
from ....planning import Blocker, Plan
from ....stages import ServiceFacts, find_paused_jobs, find_service_holdups
from ....store.events import load_event
from ...context import Context
from ...holdups import LatestRuns, load_service_facts
from ...jobs.registry import Job
from ...reconcile.candidates import find_candidates
from ...reconcile.known import Shared
from ...reconcile.observe import plan_event
from ...reconcile.together import share_events, share_known, share_runs
from ..impact import MOST_PLANNED, impact_of_plan
from .choices.choice import PlanQuery
from .choices.chooser import Chooser
from .choices.reading import check_query
from .holding import HeldRun, find_troubles, list_held_runs, list_late
from .overview import Overview


class _Look(NamedTuple):
    """What a look at the plan is about."""

    service: ServiceFacts
    events: tuple[Event, ...]  # that may have something to plan
    late: tuple[str, ...]  # those that may be late
    latest: Mapping[str, LatestRuns]  # by event, also of those that may be late


class _Shown(NamedTuple):
    """An event with something to show."""

    plan: Plan
    runs: tuple[HeldRun, ...]
    is_planned: bool  # else an error kept it from being planned


def plan_events(
    context: Context,
    event_ids: Collection[str] = (),
    *,
    force: bool = False,
    limit: int = MOST_PLANNED,
    chooser: Chooser | None = None,
    shared: Shared | None = None,
) -> Overview:
    """Plan some events, or up to `limit` of those that have something to show if `event_ids` is empty.

    Raise NotFoundError for an unknown id. `shared`: see `observe`.
    """
    chooser, shared, most = chooser or Chooser(context), shared or Shared(), None if event_ids else limit
    look = _begin_look(context, event_ids, most, chooser, shared)
    shown, left_out = _plan_each(context, look, most, chooser, shared, force=force)
    plans = tuple(each.plan for each in shown)
    unplanned = tuple(each.plan.event for each in shown if not each.is_planned)
    service = _load_service(context, shared) if unplanned else look.service  # to plan them may have stopped an account
    meant = {plan.event for plan in plans}
    late = (event_id for event_id in look.late if event_id in meant or chooser.tells(event_id))
    return Overview(
        plans=plans,
        impact=impact_of_plan(context, (action for plan in plans for action in plan.actions), shared=shared),
        service=(*find_service_holdups(service), *find_paused_jobs(service)),
        runs=tuple(held for each in shown for held in each.runs),
        raised=find_troubles(context, late, service, shared),
        unplanned=unplanned,
        left_out=left_out,
        query=chooser.query,
    )


def plan_choice(
    context: Context,
    jobs: Iterable[Job],
    query: PlanQuery,
    *,
    force: bool = False,
    limit: int = MOST_PLANNED,
    shared: Shared | None = None,
) -> Overview:
    """Plan what a person means of all events. Raise NotFoundError or BadInputError for what cannot be meant."""
    chooser = Chooser(context, check_query(context, query), jobs)
    return plan_events(context, query.events, force=force, limit=limit, chooser=chooser, shared=shared)


def _begin_look(
    context: Context, event_ids: Collection[str], most: int | None, chooser: Chooser, shared: Shared
) -> _Look:
    """Find the events to look at, and load what is known of them. `most`: of those that are to be planned."""
    with context.database.read() as connection:
        service, now = shared.once("", load_service_facts, context, connection), context.clock.now()
        if event_ids:
            events = tuple(shared.once(each, load_event, connection, each) for each in dict.fromkeys(event_ids))
        else:
            events = find_candidates(context, connection, now, shared)
        events = chooser.admit(connection, events, now)
        late = event_ids or list_late(context, connection, now, MOST_PLANNED, shared)
        late = chooser.admit_ids(connection, late, now)
        for event in events:
            shared.keep(event.id, load_event, event)
        looked_at = share_events(connection, (*(event.id for event in events[:most]), *late), shared)
        share_known(context, connection, looked_at.values(), shared)
        ids = dict.fromkeys((*(event.id for event in events), *looked_at))
        latest = share_runs(connection, ids, context.homes, shared)
    return _Look(service, events, late, latest)


def _plan_each(
    context: Context, look: _Look, most: int | None, chooser: Chooser, shared: Shared, *, force: bool
) -> tuple[list[_Shown], int]:
    """Plan the events until so many have something to show; return these, and the number of those that are left."""
    shown: list[_Shown] = []
    for count, event in enumerate(look.events):
        if len(shown) == most:
            return shown, len(look.events) - count
        whole, is_planned = _plan(context, event, shared, force=force)
        plan = chooser.choose(whole, event)
        runs = list_held_runs(plan, look.latest[event.id], look.service)
        if plan.actions or plan.blockers or (chooser.tells(event.id) and (most is None or runs)):
            shown.append(_Shown(plan, runs, is_planned))
    return shown, 0


def _load_service(context: Context, shared: Shared) -> ServiceFacts:
    """Load the facts of the service anew, and keep them."""
    with context.database.read() as connection:
        service = load_service_facts(context, connection)
    shared.keep("", load_service_facts, service)
    return service


def _plan(context: Context, event: Event, shared: Shared, *, force: bool) -> tuple[Plan, bool]:
    """Plan one event; return also whether that worked. An error becomes a blocker: the others are still planned."""
    try:
        return plan_event(context, event, force=force, shared=shared), True
    except ZoomOpsError as error:
        refused = not isinstance(error, TemporaryError | WaitingError)
        blocker = Blocker(about="webinar", sentence=str(error), refused=refused)
        return Plan(event=event.id, blockers=(blocker,)), refused
