"""All data of one event, for operators."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row

from ...access import OPERATOR, Shown, show_event
from ...drafts import what_went_outside
from ...engine.listing import NEEDING, find_later, list_runs
from ...engine.runs import Run, Subject
from ...events import Publication
from ...messages import ENGLISH
from ...planning import Blocker, FieldChange, visibility_of
from ...stages import Stage
from ...store.alerts import list_alerts
from ...store.approvals import load_withheld
from ...store.deletion import load_outside
from ...store.events import EventChange, load_changes, load_event
from ...store.recordings import load_recordings
from ...store.webinars import Bound, find_binding, load_seats
from ...store.zoom_calls import count_calls_of
from ..context import Context
from ..reconcile.known import Shared
from ..reconcile.recorded import find_publications
from ..stages.facts import load_stages
from ..subjects import record_subject
from .backups.restored import describe_event
from .dashboard import find_drift
from .plans.holding import HeldRun
from .plans.overview import Overview
from .plans.plan import plan_events

_RUNS = 50
_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class EventDetail:
    """One event: its record, its webinar as Zoom last reported it, its history, and its plan."""

    shown: Shown
    alerts: tuple[Row[Any], ...]  # only the open ones
    bound: Bound | None
    is_inside: bool  # nothing of it has left this service, so it can be deleted
    drift: tuple[FieldChange, ...]  # what Zoom changed and the event does not ask for
    seats: tuple[Row[Any], ...]
    recordings: tuple[Row[Any], ...]
    publications: tuple[Publication, ...]
    withheld: frozenset[str]  # uuids of the recordings that an operator keeps back
    visibility: str  # of its recording, once it is published
    changes: tuple[EventChange, ...]
    runs: tuple[Run, ...]
    calls: dict[int, int]  # number of calls to Zoom by run id
    restored: tuple[str, ...] = ()  # what a restoration from a backup meant for it, until an admin has read that
    again: frozenset[int]  # the runs that failed or are parked and that no later run has replaced, or wait for a home
    stages: tuple[Stage, ...] = ()
    overview: Overview = field(default_factory=lambda: Overview(plans=()))  # its plan, as every surface shows it

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether nothing is to be done, waits or is late."""
        return self.overview.is_idle and not any(stage.is_held_up for stage in self.stages)

    @property
    def other_alerts(self) -> tuple[Row[Any], ...]:
        """The open alerts that the stages do not say already."""
        return tuple(row for row in self.alerts if not self.is_said(str(row.sentence)))

    @property
    def other_troubles(self) -> tuple[HeldRun, ...]:
        """The runs that hold the event up, and that the stages do not say already."""
        return tuple(held for held in self.overview.troubles if not self.is_said(str(held.holdup.message)))

    def find_again(self, sentence: str) -> HeldRun | None:
        """Find the run that can be tried now, and of which a sentence tells; None if there is none."""
        several = (held for held in self.overview.runs if held.run in self.again)
        return next((held for held in several if ENGLISH.what(held.holdup.message) in sentence), None)

    @property
    def held_up(self) -> tuple[Stage, ...]:
        """The stages that something keeps from being done."""
        return tuple(stage for stage in self.stages if stage.is_held_up)

    def is_said(self, sentence: str) -> bool:
        """Return whether the stages say a sentence already, or the question about links that somebody changed."""
        asked = any(ENGLISH.remedy(blocker.message) in sentence for blocker in self.changed_links)
        return asked or any(sentence in stage.sentence for stage in self.held_up)

    @property
    def to_approve(self) -> tuple[Blocker, ...]:
        """The blockers that an operator's approval lifts."""
        return tuple(blocker for plan in self.overview.plans for blocker in plan.blockers if blocker.approval)

    @property
    def changed_links(self) -> tuple[Blocker, ...]:
        """The refusals to write over a link that somebody changed in a home."""
        return tuple(blocker for blocker in self.to_decide if blocker.about == "link")

    @property
    def to_decide(self) -> tuple[Blocker, ...]:
        """The refusals that no approval lifts."""
        blockers = (blocker for plan in self.overview.plans for blocker in plan.blockers)
        return tuple(blocker for blocker in blockers if blocker.refused and not blocker.approval)


def load_event_detail(context: Context, event_id: str, shared: Shared | None = None) -> EventDetail:
    """Load all data of an event. Raise NotFoundError with the nearest ids. `shared` keeps what else needs of it.

    To plan may take a call to Zoom, so there is no one transaction for all. Where a run changes the event meanwhile,
    it is loaded again, or its stages would say one thing and its plan another.
    """
    shared = shared or Shared()
    for _ in range(_TRIES):
        shared.forget()
        detail = _load_event_detail(context, event_id, shared)
        with context.database.read() as connection:
            now = load_changes(connection, event_id), _list_runs(context, connection, event_id)
            if now == (detail.changes, detail.runs):
                break
    return detail


def _list_runs(context: Context, connection: Connection, event_id: str) -> tuple[Run, ...]:
    """List the latest runs for an event and for its links in homes, the newest first."""
    subjects = Subject(kind="event", id=event_id), *(record_subject(home, event_id) for home in context.homes)
    runs = (run for subject in subjects for run in list_runs(connection, subject=subject, limit=_RUNS))
    return tuple(sorted(runs, key=lambda run: -run.id)[:_RUNS])


def _load_event_detail(context: Context, event_id: str, shared: Shared) -> EventDetail:
    with context.database.read() as connection:
        event = shared.once(event_id, load_event, connection, event_id)
        bound = shared.once(event_id, find_binding, connection, event_id)
        publications = shared.once(event_id, find_publications, connection, event_id)
        recordings = shared.once(event_id, load_recordings, connection, event_id)
        runs = _list_runs(context, connection, event_id)
        ended = {run.id for run in runs if run.state in NEEDING}
        waiting = {run.id for run in runs if run.subject.kind == "record" and run.state == "active" and run.waiting}
        detail = EventDetail(
            shown=show_event(event, publications, OPERATOR),
            alerts=list_alerts(connection, subject=event_id),
            bound=bound,
            is_inside=not what_went_outside(load_outside(connection, event_id)),
            drift=find_drift(context, event, bound),
            seats=shared.once(event_id, load_seats, connection, event_id),
            recordings=recordings,
            publications=publications,
            withheld=load_withheld(connection, event_id),
            visibility=visibility_of(event),
            changes=load_changes(connection, event_id),
            runs=runs,
            calls=count_calls_of(connection, [run.id for run in runs]),
            restored=describe_event(connection, event_id, bound, is_over=event.end_utc <= context.clock.now()),
            again=frozenset((ended - find_later(connection, ended).keys()) | waiting),
        )
    overview = plan_events(context, (event_id,), shared=shared)
    return replace(detail, stages=load_stages(context, event_id, shared), overview=overview)
