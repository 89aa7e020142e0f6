"""Carry out a plan, or the part of it that was chosen: exactly what was seen."""

from collections.abc import Collection, Iterable

from .....engine.runs import Subject
from .....errors import ParkedError
from .....planning import Plan
from .....store.audit import Actor, record_audit
from ....context import Context
from ....jobs.registry import Job
from ....jobs.requests import preview_job, submit_by_hand
from ..overview import Overview
from .choice import PlanQuery

OTHER_PLAN = "The plan is another one now than the one you saw: look at it again, then apply it."


def check_digest(overview: Overview, digest: str) -> None:
    """Raise ParkedError if the plan is no longer the one that the operator confirmed."""
    if overview.digest != digest:
        raise ParkedError(OTHER_PLAN)


def request_plan(
    context: Context, jobs: Iterable[Job], overview: Overview, by: Actor, *, force: bool = False
) -> tuple[int, ...]:
    """Submit the jobs that carry out a plan. Return the ids of the runs."""
    about_events = tuple(job for job in jobs if job.about == "event")
    chosen: dict[tuple[str, str], set[str]] = {}
    for action in overview.actions:
        chosen.setdefault((action.event, action.account), set()).add(action.kind)
    requests = [
        (job.name, (Subject(kind="event", id=event_id), account))
        for (event_id, account), kinds in chosen.items()
        for job in about_events
        if _does(preview_job(context, job, event_id, force=force), kinds, overview.query)
    ]
    with context.database.begin() as connection:
        runs = submit_by_hand(context, connection, requests, force=force)
        detail = {"actions": len(overview.actions), "events": sorted({action.event for action in overview.actions})}
        now = context.database.now(connection)
        detail |= overview.query.words
        record_audit(connection, by, "plan_applied", ("plan", overview.digest), now, **detail, force=force)
        return runs


def _does(plans: Iterable[Plan], kinds: Collection[str], query: PlanQuery) -> bool:
    """Return whether a job does something that is chosen. Raise ParkedError if it did more than that.

    What a job does together was chosen together, so then the plan has changed in between.
    """
    done = {action.kind for plan in plans for action in plan.actions}
    if done.isdisjoint(kinds):
        return False
    if query.kind and not done.issubset(kinds):
        raise ParkedError(OTHER_PLAN)
    return True
