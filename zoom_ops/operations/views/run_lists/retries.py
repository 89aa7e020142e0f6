"""Retry all runs that failed: what that does, and do it in batches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ....engine.listing import lock_needing
from ....engine.runs import Run, reopen
from ....stages import find_service_holdups, name_job
from ....store.audit import Actor, record_audit
from ....store.event_queries import load_names
from ...context import Context
from ...holdups import load_service_facts
from ...jobs.registry import Job
from ...subjects import event_in
from ..impact import Impact, impact_of_retries
from .causes import CauseGroup, cause_json, find_in_trouble, group_by_cause, name_first
from .filters import RunChoice

_BATCH = 50
_NOTHING = "By what is known now, nothing is changed at Zoom, and nobody is mailed."


@dataclass(frozen=True, kw_only=True)
class RetryPlan:
    """The runs that are retried, why they failed, and what their retries change outside."""

    runs: tuple[Run, ...]  # the oldest first
    groups: tuple[CauseGroup, ...]
    impact: Impact
    names: Mapping[str, str]  # of the events that they are about, by id
    stops: tuple[str, ...] = ()  # what holds up the work of their accounts
    force: bool = False

    @property
    def head(self) -> str:
        """Say how many runs are retried."""
        runs = "1 run" if len(self.runs) == 1 else f"{len(self.runs)} runs"
        how = ", also what the guard refuses as unsafe" if self.force else ""
        return f"Retries {runs} that failed or {'waits' if len(self.runs) == 1 else 'wait'} for an operator{how}."

    @property
    def effects(self) -> tuple[str, ...]:
        """Say what is changed outside, the mails first."""
        return self.impact.sentences or (_NOTHING,)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what is retried, why it failed, and what that does outside, with the names of the events."""
        causes = tuple(group.describe(self.names) for group in self.groups)
        effects = self.impact.tell(self.names) or (_NOTHING,)
        return (self.head, *causes, *self.stops, *effects) if self.runs else ()

    @property
    def named(self) -> str:
        """Name the first runs by their jobs and subjects, and say how many more there are."""
        jobs = ((name_job(run.job), run.subject.id) for run in self.runs)
        return name_first(
            f"{job} for “{self.names[subject]}”" if subject in self.names else f"{job} for {subject}"
            for job, subject in jobs
        )


@dataclass(frozen=True, kw_only=True)
class Retried:
    """What became of a batch."""

    runs: tuple[int, ...]  # that do it
    skipped: int  # runs that were retried, mended or cancelled meanwhile


def plan_retry(context: Context, jobs: Mapping[str, Job], choice: RunChoice, *, force: bool = False) -> RetryPlan:
    """Return what a retry of all runs of a choice that failed or are parked would do."""
    with context.database.read() as connection:
        runs = find_in_trouble(connection, choice)[::-1]
        groups = group_by_cause(connection, runs)
        service = load_service_facts(context, connection)
        names = load_names(connection, {event_id for run in runs if (event_id := event_in(run.subject))})
    accounts = sorted({run.account for run in runs if run.account})
    stops = (
        str(holdup.message) for name in accounts for holdup in find_service_holdups(service, name) if holdup.account
    )
    return RetryPlan(
        runs=runs,
        groups=groups,
        impact=impact_of_retries(context, runs, jobs, force=force),
        names=names,
        stops=tuple(stops),
        force=force,
    )


def retry_in_batches(context: Context, plan: RetryPlan, by: Actor, words: Mapping[str, str]) -> Iterator[Retried]:
    """Retry the runs of a plan. Each batch is a transaction, made when it is asked for, with a line of the audit.

    `words`: how they were chosen. A run that is no longer in trouble by then is skipped.
    """
    for first in range(0, len(plan.runs), _BATCH):
        batch = plan.runs[first : first + _BATCH]
        with context.database.begin() as connection:
            now = context.database.now(connection)
            runs = lock_needing(connection, [run.id for run in batch])
            retried = tuple(reopen(connection, run, now, force=plan.force) for run in runs)
            skipped = len(batch) - len(runs)
            if runs:
                detail = {
                    "runs": [run.id for run in runs],
                    "became": retried,
                    "skipped": skipped,
                    "force": plan.force,
                    **words,
                }
                record_audit(connection, by, "runs_retried", ("run", runs[0].id), now, **detail)
        yield Retried(runs=retried, skipped=skipped)


def retry_json(plan: RetryPlan) -> dict[str, Any]:
    """Build the JSON of what a retry would do."""
    return {
        "matched": len(plan.runs),
        "causes": [cause_json(group) for group in plan.groups],
        "held_up": list(plan.stops),
        "effects": list(plan.impact.sentences),
        "mails": plan.impact.mailed or None,
    }
