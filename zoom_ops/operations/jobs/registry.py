"""Jobs as values, one for each file in `jobs/`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ...engine.runs import Done, Request, Run, Subject, SubjectKind
from ...engine.schedule import Schedule
from ...errors import PermanentError, ZoomOpsError
from .. import metrics
from ..context import Context
from ..due import Selection
from ..webhooks.deliver import WebhookWork
from .work import EventWork, HostWork, ServiceWork


@dataclass(frozen=True, kw_only=True)
class Job:
    """A file in `jobs/`: what it does, and when."""

    name: str
    summary: str
    every: timedelta
    turn: Selection  # selects the subjects for which it is due
    on: tuple[str, ...] = ()  # rings it: "event.changed", or a notification's kind
    then: tuple[str, ...] = ()  # jobs that follow it, for the same event
    about: SubjectKind = "event"  # the kind of subject that a person may request it for
    function: Callable[[Any], str | None]


_WORK: Mapping[str, type[EventWork] | type[HostWork] | type[WebhookWork] | type[ServiceWork]] = {
    "event": EventWork,
    "host": HostWork,
    "webhook": WebhookWork,
    "service": ServiceWork,
}


def rings_of(jobs: Iterable[Job]) -> dict[str, tuple[str, ...]]:
    """Map each happening to the jobs that it rings."""
    rings: dict[str, tuple[str, ...]] = {}
    for job in jobs:
        for kind in job.on:
            rings[kind] = (*rings.get(kind, ()), job.name)
    return rings


def schedule_of(job: Job) -> Schedule:
    """Build the schedule by which the engine runs a job."""

    def requests(connection: Connection, now: datetime) -> Iterable[Request]:
        for subject, account in job.turn(connection, job.name, now):
            yield Request(job=job.name, subject=subject, account=account, unpark=False)

    return Schedule(name=job.name, every=job.every, requests=requests)


def performer(context: Context, jobs: Mapping[str, Job]) -> Callable[[Run], Done]:
    """Build the function that the engine calls to perform a run."""

    def perform(run: Run) -> Done:
        job = jobs.get(run.job)
        if job is None:
            raise PermanentError(f"There is no job {run.job} any more.")
        try:
            done = _perform(context, job, run)
        except ZoomOpsError as error:
            metrics.runs.labels(job.name, type(error).__name__).inc()
            raise
        metrics.runs.labels(job.name, "Done").inc()
        return done

    return perform


def _perform(context: Context, job: Job, run: Run) -> Done:
    work = _WORK[run.subject.kind](context, run)
    sentence = job.function(work)
    followers = tuple(
        Request(job=name, subject=Subject(kind="event", id=event_id), account=run.account, force=run.force)
        for name in job.then
        for event_id in work.touched
    )
    return Done(sentence=sentence or "", then=followers, record=work.finish if isinstance(work, EventWork) else None)
