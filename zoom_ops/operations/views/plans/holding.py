"""What holds up the events of a plan: their runs, and what makes them late."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Connection

from ....errors import NotFoundError
from ....planning import Plan
from ....stages import ALERT_KINDS, Holdup, ServiceFacts, find_holdup, stages_of, troubles_of
from ....store.alerts import list_subjects
from ....store.db.snapshot import one_state
from ...context import Context
from ...holdups import LatestRuns
from ...reconcile.known import Shared
from ...stages.facts import load_facts, share_times
from ...stages.watched import list_watched

Held = tuple[tuple[str, str], ...]  # event, sentence


@dataclass(frozen=True, kw_only=True)
class HeldRun:
    """The latest run of a job for an event, and how it holds the event up."""

    event: str
    job: str
    run: int
    holdup: Holdup


def list_late(context: Context, connection: Connection, now: datetime, most: int, shared: Shared) -> tuple[str, ...]:
    """List the events that may be late now: first those of which an alert says so, then all that are watched.

    `shared`: see `observe`.
    """
    said = list_subjects(connection, ALERT_KINDS)
    watched = list_watched(context, connection, now, shared)
    return tuple(sorted(watched, key=lambda event_id: event_id not in said)[:most])


def find_troubles(
    context: Context, event_ids: Iterable[str], service: ServiceFacts, shared: Shared | None = None
) -> Held:
    """List what makes some events late or stuck now. That nothing performs runs is said for all of them."""
    shared, ids = shared or Shared(), tuple(event_ids)
    service = replace(service, is_performing=True)
    found: list[tuple[str, str]] = []
    with one_state(context.database):
        with context.database.read() as connection:
            share_times(connection, ids, context.homes, shared)
        for event_id in ids:
            with suppress(NotFoundError):  # it has just been deleted
                facts = load_facts(context, event_id, service, shared=shared)
                found += ((event_id, str(trouble.message)) for trouble in troubles_of(facts, stages_of(facts)))
    return tuple(found)


def list_held_runs(plan: Plan, latest: LatestRuns, service: ServiceFacts) -> tuple[HeldRun, ...]:
    """List the latest runs of an event that hold it up. A run that waits for what nothing is planned for is no news."""
    stopped = {stop.account for stop in service.stops}
    alone = replace(service, is_performing=True, stops=(), paused_jobs={})  # these hold up more than one event
    held = []
    for run in sorted(latest.values(), key=attrgetter("id")):
        holdup = find_holdup(run.job, None, run, alone)
        waits = holdup is not None and holdup.kind == "waiting"
        if holdup and not (waits and (not plan.actions or stopped & {action.account for action in plan.actions})):
            held.append(HeldRun(event=plan.event, job=run.job, run=run.id, holdup=holdup))
    return tuple(held)
