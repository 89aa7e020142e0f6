"""Why work is not performed: the one place that decides it, for plans, stages, alerts and pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ..messages import Message
from ..messages import holdups as say
from ..messages.plans import UNSAFE

Kind = Literal[
    "no_process",
    "account_paused",
    "account_stopped",
    "partly_stopped",  # one verb of an account
    "parked",
    "failed",
    "job_paused",
    "failing",
    "waiting",
]


@dataclass(frozen=True, kw_only=True)
class AccountStop:
    """A stop of an account, or of one verb of it: no call goes to Zoom."""

    account: str
    verb: str = ""  # empty: every call
    message: Message  # what happened, and what to do
    since: datetime
    retry_at: datetime | None = None  # when one call is tried; None: not by itself
    paused: bool = False  # by an operator


@dataclass(frozen=True, kw_only=True)
class ServiceFacts:
    """What is known of the service as a whole."""

    is_performing: bool = True  # a process that performs runs gave a sign of life lately
    heard_at: datetime | None = None  # its last sign of life
    stops: tuple[AccountStop, ...] = ()
    paused_jobs: Mapping[str, str] = field(default_factory=dict)  # note by job; empty where none was given


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """The latest run of a job for a subject."""

    id: int
    job: str
    state: Literal["active", "parked", "failed", "done", "cancelled"]
    error: Message | None = None
    missing: str = ""  # of a parked run: what the configuration lacks, such as `profile lecture`
    failures: int = 0  # in a row, without attempts that had to wait
    waiting: bool = False
    since: datetime  # when it was created
    next_at: datetime | None = None  # of the next attempt


@dataclass(frozen=True, kw_only=True)
class Holdup:
    """Why something is not done now. The message says what happened, and what comes next."""

    kind: Kind
    message: Message
    since: datetime | None = None
    until: datetime | None = None  # it ends by itself, or is tried again, at this time
    error: Message | None = None  # of the run
    account: str | None = None  # the Zoom account that it holds up; None: not one alone

    @property
    def is_outage(self) -> bool:
        """Whether it holds up all work, or all work of an account."""
        return self.kind in ("no_process", "account_paused", "account_stopped")


def find_service_holdups(service: ServiceFacts, account: str | None = None) -> tuple[Holdup, ...]:
    """List what holds up the work of the whole service, or of one account, the worst first."""
    found = []
    if not service.is_performing:
        silent = say.SILENT(heard=service.heard_at) if service.heard_at else say.NO_PROCESS()
        found.append(Holdup(kind="no_process", message=silent, since=service.heard_at))
    stops = [stop for stop in service.stops if account in (None, stop.account)]
    found += [_of_stop(stop) for stop in sorted(stops, key=lambda stop: (bool(stop.verb), stop.account, stop.verb))]
    return tuple(found)


def find_paused_jobs(service: ServiceFacts) -> tuple[Holdup, ...]:
    """List the jobs that an operator has paused, with the note."""
    return tuple(_of_pause(job, note) for job, note in sorted(service.paused_jobs.items()))


def find_holdup(job: str, account: str | None, run: RunFacts | None, service: ServiceFacts) -> Holdup | None:
    """Return the worst that holds up a job's work for one subject; None where nothing does.

    `run` is the latest run of the job for the subject, or None where there was none yet.
    """
    outage = next((holdup for holdup in find_service_holdups(service, account or "") if holdup.is_outage), None)
    if outage:
        return outage
    if run is not None and run.state in ("parked", "failed"):
        return _of_ended(run)
    if job in service.paused_jobs:
        return _of_pause(job, service.paused_jobs[job])
    if run is not None and run.state == "active" and run.error:
        return _of_retried(run)
    return None


def _of_stop(stop: AccountStop) -> Holdup:
    stopped: Kind = "partly_stopped" if stop.verb else "account_stopped"
    return Holdup(
        kind="account_paused" if stop.paused else stopped,
        message=stop.message,
        since=stop.since,
        until=stop.retry_at,
        account=stop.account,
    )


def _of_pause(job: str, note: str) -> Holdup:
    said = say.JOB_PAUSED_WITH_NOTE(job=job, note=note.rstrip(".")) if note else say.JOB_PAUSED(job=job)
    return Holdup(kind="job_paused", message=said)


def _of_ended(run: RunFacts) -> Holdup:
    kind: Kind = "parked" if run.state == "parked" else "failed"
    if kind == "failed":
        message = say.RUN_FAILED(run=run.id, job=run.job, why=run.error)
    elif run.missing:
        message = say.RUN_LACKS_CONFIGURATION(run=run.id, job=run.job, why=run.error, missing=run.missing)
    elif run.error and any(part.kind in UNSAFE for part in run.error.parts()):
        message = say.RUN_NEEDS_FORCE(run=run.id, job=run.job, why=run.error)
    else:
        message = say.RUN_PARKED(run=run.id, job=run.job, why=run.error)
    return Holdup(kind=kind, message=message, since=run.since, error=run.error)


def _of_retried(run: RunFacts) -> Holdup:
    again = say.AGAIN_AT(until=run.next_at) if run.next_at else None
    if run.waiting and not run.failures:
        message = say.RUN_WAITS(why=run.error, again=again)
    else:
        message = say.RUN_FAILING(job=run.job, times=max(run.failures, 1), why=run.error, again=again)
    kind: Kind = "waiting" if message.kind is say.RUN_WAITS else "failing"
    return Holdup(kind=kind, message=message, since=run.since, until=run.next_at, error=run.error)


def name_job(job: str) -> str:
    """Return what a job is called in a sentence: its name, which is that of its file, in words."""
    return job.replace("_", " ")
