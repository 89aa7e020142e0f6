"""Perform a run: hand its work to the job's function."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from sqlalchemy import Connection

from ...engine.attempts import write_for
from ...engine.runs import Done, Request, Run, Subject
from ...errors import PermanentError, ZoomOpsError
from .. import metrics
from ..context import Context
from ..webhooks.deliver import WebhookWork
from .registry import Job
from .work import EventWork, HostWork, ServiceWork

_WORK: Mapping[str, type[EventWork] | type[HostWork] | type[WebhookWork] | type[ServiceWork]] = {
    "event": EventWork,
    "host": HostWork,
    "webhook": WebhookWork,
    "service": ServiceWork,
}


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
    try:
        sentence = job.function(work)
    except ZoomOpsError:
        if finish := _finish_of(work):
            with suppress(ZoomOpsError), write_for(context.database, run) as connection:  # the job's own error counts
                finish(connection)
        raise
    followers = tuple(
        Request(job=name, subject=Subject(kind="event", id=event_id), account=run.account, force=run.force)
        for name in job.then
        for event_id in work.touched
    )
    return Done(sentence=sentence or "", then=followers, record=_finish_of(work) or _nothing)


def _finish_of(work: object) -> Callable[[Connection], None] | None:
    return work.finish if isinstance(work, EventWork) else None


def _nothing(_connection: Connection) -> None:
    """Finish the work of a subject that has nothing to note."""
