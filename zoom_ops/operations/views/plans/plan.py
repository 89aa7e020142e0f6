"""Plan many events, or some of them, for a look at all that would be changed outside."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from ....errors import TemporaryError, WaitingError, ZoomOpsError
from ....events import Event
from ....planning import Blocker, Plan
from ....stages import ServiceFacts, find_paused_jobs, find_service_holdups
from ....store.db.values import slices
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

_Known = tuple[Event, LatestRuns]


class _Look(NamedTuple):
    """What a look at the plan is about."""

    service: ServiceFacts
    first: tuple[_Known, ...]  # the first events that may have something to plan: so many as are asked for
    others: tuple[str, ...]  # that may, too
    late: tuple[str, ...]  # those that may be late


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
            events = tuple(shared.once(each, load_event, connection, each).id for each in dict.fromkeys(event_ids))
        else:
            events = find_candidates(context, connection, now, shared)
        events = chooser.admit(connection, events, now, shared)
        late = event_ids or list_late(context, connection, now, MOST_PLANNED, shared)
        late = chooser.admit(connection, late, now, shared)
        first = events[:most]
        known = _share(context, connection, (*first, *late), shared)
    return _Look(service, tuple(known[each] for each in first if each in known), events[len(first) :], late)


def _share(context: Context, connection: Connection, event_ids: Iterable[str], shared: Shared) -> dict[str, _Known]:
    """Load what is known of several events, and keep it; unknown ids are left out."""
    events = share_events(connection, event_ids, shared)
    share_known(context, connection, events.values(), shared)
    latest = share_runs(connection, events, context.homes, shared)
    return {event_id: (event, latest[event_id]) for event_id, event in events.items()}


def _iter_known(context: Context, look: _Look, shared: Shared) -> Iterator[_Known]:
    """Yield the events that may have something to plan. Of very many, few are held at once: most looks end before."""
    yield from look.first
    for some in slices(look.others, MOST_PLANNED):
        with context.database.read() as connection:
            known = _share(context, connection, some, shared)
        yield from known.values()


def _plan_each(
    context: Context, look: _Look, most: int | None, chooser: Chooser, shared: Shared, *, force: bool
) -> tuple[list[_Shown], int]:
    """Plan the events until so many have something to show; return these, and the number of those that are left."""
    shown: list[_Shown] = []
    count = len(look.first) + len(look.others)
    for number, (event, latest) in enumerate(_iter_known(context, look, shared), start=1):
        whole, is_planned = _plan(context, event, shared, force=force)
        plan = chooser.choose(whole, event)
        runs = list_held_runs(plan, latest, look.service)
        if plan.actions or plan.blockers or (chooser.tells(event.id) and (most is None or runs)):
            shown.append(_Shown(plan, runs, is_planned))
            if len(shown) == most:
                return shown, count - number
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
        blocker = Blocker(about="webinar", message=error.why, refused=refused)
        return Plan(event=event.id, blockers=(blocker,)), refused
