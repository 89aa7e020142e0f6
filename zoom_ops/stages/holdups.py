"""Why work is not performed: the one place that decides it, for plans, stages, alerts and pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

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
    sentence: str  # what happened, and what to do
    since: datetime
    action: str = ""  # what a person does about it
    retry_at: datetime | None = None  # when one call is tried; None: not by itself
    paused: bool = False  # an operator paused it, with the sentence as note


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
    error: str = ""
    missing: str = ""  # of a parked run: what the configuration lacks, such as `profile lecture`
    failures: int = 0  # in a row, without attempts that had to wait
    waiting: bool = False
    since: datetime  # when it was created
    next_at: datetime | None = None  # of the next attempt


@dataclass(frozen=True, kw_only=True)
class Holdup:
    """Why something is not done now: what happened, and the next action of a person; empty where none is needed."""

    kind: Kind
    reason: str
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None  # it ends by itself, or is tried again, at this time
    cause: str = ""  # the error of the run alone
    account: str | None = None  # the Zoom account that it holds up; None: not one alone

    @property
    def sentence(self) -> str:
        """The reason with what comes next: the next action of a person, or when it is tried again."""
        return f"{self.reason} {self.action or _again(self)}".strip()

    @property
    def is_outage(self) -> bool:
        """Whether it holds up all work, or all work of an account."""
        return self.kind in ("no_process", "account_paused", "account_stopped")


def find_service_holdups(service: ServiceFacts, account: str | None = None) -> tuple[Holdup, ...]:
    """List what holds up the work of the whole service, or of one account, the worst first."""
    found = []
    if not service.is_performing:
        heard = f"; the last sign of life was on {service.heard_at:%Y-%m-%d %H:%M} UTC" if service.heard_at else ""
        found.append(
            Holdup(
                kind="no_process",
                reason=f"No process performs runs{heard}.",
                action="Start the daemon: zoom-ops serve",
                since=service.heard_at,
            )
        )
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
        reason=stop.sentence,
        action=stop.action,
        since=stop.since,
        until=stop.retry_at,
        account=stop.account,
    )


def _of_pause(job: str, note: str) -> Holdup:
    said = f": “{note.rstrip('.')}”." if note else "."
    return Holdup(
        kind="job_paused",
        reason=f"The job {job} is paused{said}",
        action=f"To resume it: zoom-ops jobs resume {job}",
    )


def _of_ended(run: RunFacts) -> Holdup:
    retry = f"zoom-ops runs retry {run.id}{' --force' if run.error.endswith('with --force.') else ''}"
    if run.state == "parked" and run.missing:
        reason = f"Run {run.id} ({run.job}) waits for the configuration: {_end(run.error)}"
        action = f"Put the {run.missing} into the files: the run goes on by itself. Is it read? zoom-ops config diff"
        return Holdup(kind="parked", reason=reason, action=action, since=run.since, cause=run.error)
    if run.state == "parked":
        reason = f"Run {run.id} ({run.job}) waits for an operator: {_end(run.error)}"
        return Holdup(kind="parked", reason=reason, action=f"Then: {retry}", since=run.since, cause=run.error)
    reason = f"Run {run.id} ({run.job}) has failed: {_end(run.error)}"
    action = f"Mend the cause, then: {retry}"
    return Holdup(kind="failed", reason=reason, action=action, since=run.since, cause=run.error)


def _of_retried(run: RunFacts) -> Holdup:
    if run.waiting and not run.failures:
        return Holdup(kind="waiting", reason=run.error, since=run.since, until=run.next_at, cause=run.error)
    times = "once" if run.failures <= 1 else f"{run.failures} times in a row"
    reason = f"{run.job} failed {times}: {_end(run.error)}"
    return Holdup(kind="failing", reason=reason, since=run.since, until=run.next_at, cause=run.error)


def name_job(job: str) -> str:
    """Return what a job is called in a sentence: its name, which is that of its file, in words."""
    return job.replace("_", " ")


def _end(sentence: str) -> str:
    """End a sentence with a full stop, so that another may follow."""
    return sentence if sentence.endswith((".", "…", "?", "!")) else f"{sentence}."


def _again(holdup: Holdup) -> str:
    return f"It is tried again on {holdup.until:%Y-%m-%d %H:%M} UTC." if holdup.until else ""
