"""Choose from plans while they are made: with the hosts of the webinars, and with what the jobs do together."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from .....errors import ZoomOpsError
from .....events import Event
from .....planning import Plan
from .....store.db.values import slices
from .....store.recordings import find_recorded
from .....store.webinars import Bound, load_bindings
from ....context import Context
from ....jobs.registry import Job
from ....jobs.requests import Preview
from ....reconcile.known import Shared
from ....reconcile.together import share_events
from .choice import ALL, PlanQuery, Together, admits, choose, may_hold

_PART = 200  # events whose records are held at once


class Chooser:
    """Chooses what a query means from the events and from their plans. Without a query it means all."""

    def __init__(self, context: Context, query: PlanQuery = ALL, jobs: Iterable[Job] = ()) -> None:
        self.query = query
        self._context = context
        self._jobs = {job.name: job for job in jobs if job.about == "event"}
        self._hosts: dict[str, str] = {}  # of the webinars of all that was admitted

    def admit(self, connection: Connection, event_ids: Iterable[str], now: datetime, shared: Shared) -> tuple[str, ...]:
        """Return the events that are meant, as far as their records and their webinars say, in their order.

        `shared`: see `observe`. The records of very many events are not kept in it.
        """
        ids = tuple(event_ids)
        if not self.query.narrows:
            return ids
        meant = set[str]()
        for some in slices(ids, _PART):
            events = share_events(connection, some, shared if len(ids) <= _PART else Shared())
            meant |= self._admit(connection, events.values(), now)
        return tuple(event_id for event_id in ids if event_id in meant)

    def choose(self, plan: Plan, event: Event) -> Plan:
        """Return of an event's plan what is meant."""
        together = self._together(plan, event) if self.query.kind and plan.actions else ()
        return choose(self.query, plan, self._hosts.get(event.id, ""), together)

    def tells(self, event_id: str) -> bool:
        """Return whether what holds an event up is meant, too, though its plan holds nothing that is meant."""
        return not self.query.kind and self.query.host in ("", self._hosts.get(event_id))

    def _admit(self, connection: Connection, known: Collection[Event], now: datetime) -> set[str]:
        query = self.query
        bound = self._load_bound(connection, known) if query.account or query.host or query.kind else {}
        self._hosts |= {event_id: row.host for event_id, row in bound.items()}
        recorded = find_recorded(connection, [event.id for event in known]) if query.kind else frozenset()
        accounts = {event_id: row.account for event_id, row in bound.items()}
        return {
            event.id
            for event in known
            if admits(query, event, accounts.get(event.id, self._context.account_of(event)), now)
            and may_hold(query, _hosts_of(bound.get(event.id)), recorded=event.id in recorded)
        }

    def _load_bound(self, connection: Connection, events: Iterable[Event]) -> Mapping[str, Bound]:
        rows = load_bindings(connection, [event.id for event in events])
        return {event_id: row for event_id, row in rows.items() if row.state == "bound"}

    def _together(self, plan: Plan, event: Event) -> tuple[Together, ...]:
        own = {name: _kinds_of(self._context, job, plan, event) for name, job in self._jobs.items()}
        return tuple(
            Together(own=own[name], all=frozenset[str]().union(*(own.get(each, ()) for each in self._line(name))))
            for name in own
            if own[name]
        )

    def _line(self, name: str) -> tuple[str, ...]:
        """List a job with the jobs that come after it, each once."""
        line = [name]
        for each in line:
            line += [follower for follower in self._jobs[each].then if follower in self._jobs and follower not in line]
        return tuple(line)


class _Known(Preview):
    """Stand-in for the work of a run: it takes the plan that is known, and does nothing."""

    def __init__(self, context: Context, event: Event, plan: Plan) -> None:
        super().__init__(context, event)
        self._plan = plan

    def plan(self, *kinds: str) -> Plan:
        """Take a part of the plan that is known."""
        return self._plan.only(kinds) if kinds else self._plan


def _hosts_of(bound: Bound | None) -> tuple[str | None, ...] | None:
    return (bound.host, bound.move_to, bound.left_host) if bound else None


def _kinds_of(context: Context, job: Job, plan: Plan, event: Event) -> frozenset[str]:
    """Return the kinds of actions of a plan that a job does."""
    work = _Known(context, event, plan)
    with suppress(ZoomOpsError):  # the run itself reports it
        job.function(work)
    return frozenset(action.kind for part in work.plans for action in part.actions)
