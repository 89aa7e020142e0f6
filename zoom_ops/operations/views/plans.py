"""The plan of many events at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...engine.runs import Subject
from ...errors import ParkedError, WaitingError, ZoomOpsError
from ...events import Event
from ...planning import Action, Blocker, Plan, digest_of
from ...store.audit import Actor, record_audit
from ...store.events import load_event, load_events, load_open_events
from ..context import Context
from ..jobs.registry import Job
from ..jobs.requests import preview_job, submit_by_hand, turns_of
from ..reconcile.observe import plan_event

MOST_PLANNED = 200
Held = tuple[tuple[str, str], ...]  # event, sentence


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The planned actions of many events, and the blockers of the others."""

    plans: tuple[Plan, ...]
    left_out: int = 0  # events beyond MOST_PLANNED

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, event by event."""
        return tuple(action for plan in self.plans for action in plan.actions)

    @property
    def waiting(self) -> Held:
        """The blockers that wait for a change outside."""
        return tuple((plan.event, sentence) for plan in self.plans for sentence in plan.waits)

    @property
    def refused(self) -> Held:
        """The refusals that an operator has to decide about."""
        return tuple((plan.event, sentence) for plan in self.plans for sentence in plan.refused)

    @property
    def notices(self) -> Held:
        """What an operator must know, though nothing waits for it."""
        return tuple((plan.event, notice.sentence) for plan in self.plans for notice in plan.notices)

    @property
    def digest(self) -> str:
        """The digest of all actions, which identifies the plan."""
        return digest_of(self.actions)


def plan_events(context: Context, event_ids: tuple[str, ...], *, force: bool = False) -> Overview:
    """Plan some events, or all that may need work if `event_ids` is empty. Raise NotFoundError for an unknown id."""
    with context.database.read() as connection:
        if event_ids:
            events = tuple(load_event(connection, event_id) for event_id in dict.fromkeys(event_ids))
        else:
            events = load_open_events(connection, context.clock.now())
    return Overview(plans=tuple(_plan(context, event, force=force) for event in events))


def plan_due(context: Context, jobs: Iterable[Job], *, force: bool = False) -> Overview:
    """Plan the events that are due for some job or have an open run. The cost does not depend on the other events.

    A changed profile shows only when its events become due, once a day.
    """
    due = {event_id for job in jobs for event_id in turns_of(context, job)}
    with context.database.read() as connection:
        events = load_events(connection, sorted(due)[:MOST_PLANNED])
    plans = tuple(_plan(context, event, force=force) for event in events)
    return Overview(plans=plans, left_out=len(due) - len(events))


def request_plan(
    context: Context, jobs: Iterable[Job], overview: Overview, by: Actor, *, force: bool = False
) -> tuple[int, ...]:
    """Submit the jobs that carry out a plan. Return the ids of the runs."""
    about_events = tuple(job for job in jobs if job.about == "event")
    requests = [
        (job.name, (Subject(kind="event", id=event_id), account))
        for event_id, account in dict.fromkeys((action.event, action.account) for action in overview.actions)
        for job in about_events
        if any(plan.actions for plan in preview_job(context, job, event_id, force=force))
    ]
    with context.database.begin() as connection:
        runs = submit_by_hand(context, connection, requests, force=force)
        detail = {"actions": len(overview.actions), "events": sorted({action.event for action in overview.actions})}
        now = context.database.now(connection)
        record_audit(connection, by, "plan_applied", ("plan", overview.digest), now, **detail, force=force)
        return runs


def overview_json(overview: Overview) -> dict[str, Any]:
    """Build the JSON of a plan."""
    return {
        "digest": overview.digest,
        "actions": [
            {
                "event": action.event,
                "action": action.kind,
                "changes": [change.model_dump(mode="json") for change in action.changes()],
                "reason": action.reason,
            }
            for action in overview.actions
        ],
        "waiting": [{"event": event, "reason": reason} for event, reason in overview.waiting],
        "refused": [{"event": event, "reason": reason} for event, reason in overview.refused],
        "notices": [{"event": event, "reason": reason} for event, reason in overview.notices],
    }


def check_digest(overview: Overview, digest: str) -> None:
    """Raise ParkedError if the plan is no longer the one that the operator confirmed."""
    if overview.digest != digest:
        raise ParkedError("The plan is another one now than the one you saw: look at it again, then apply it.")


def _plan(context: Context, event: Event, *, force: bool) -> Plan:
    """Plan one event. An error becomes a blocker, so that the other events are still planned."""
    try:
        return plan_event(context, event, force=force)
    except WaitingError as error:
        return Plan(event=event.id, blockers=(Blocker(about="webinar", sentence=str(error)),))
    except ZoomOpsError as error:
        return Plan(event=event.id, blockers=(Blocker(about="webinar", sentence=str(error), refused=True),))
