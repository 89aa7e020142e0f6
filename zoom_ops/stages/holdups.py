"""Why work is not performed: the one place that decides it, for plans, stages, alerts and pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal[
    "no_process", "account_paused", "account_stopped", "parked", "failed", "job_paused", "failing", "waiting"
]


@dataclass(frozen=True, kw_only=True)
class AccountStop:
    """A stop of an account, or of one verb of it: no call goes to Zoom."""

    account: str
    verb: str = ""  # empty: every call
    sentence: str  # what happened, and what to do
    since: datetime
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


def find_holdup(job: str, account: str | None, run: RunFacts | None, service: ServiceFacts) -> Holdup | None:
    """Return the worst that holds up a job's work for one subject; None where nothing does.

    `run` is the latest run of the job for the subject, or None where there was none yet.
    """
    whole = [
        holdup
        for holdup in find_service_holdups(service, account or "")
        if holdup.kind != "account_stopped" or _is_whole(service, account or "")
    ]
    if whole:
        return whole[0]
    if run is not None and run.state in ("parked", "failed"):
        return _of_ended(run)
    if job in service.paused_jobs:
        note = service.paused_jobs[job]
        said = f": {note.rstrip('.')}." if note else "."
        return Holdup(kind="job_paused", reason=f"The job {job} is paused{said}", action=f"zoom-ops jobs resume {job}")
    if run is not None and run.state == "active" and run.error:
        return _of_retried(run)
    return None


def _is_whole(service: ServiceFacts, account: str) -> bool:
    """Return whether the account is stopped as a whole, and not one verb of it."""
    return any(stop.account == account and not stop.verb for stop in service.stops)


def _of_stop(stop: AccountStop) -> Holdup:
    if stop.paused:
        note = f": {stop.sentence.rstrip('.')}." if stop.sentence else "."
        return Holdup(
            kind="account_paused",
            reason=f"Zoom account {stop.account} is paused{note}",
            action=f"zoom-ops accounts resume {stop.account}",
            since=stop.since,
        )
    return Holdup(kind="account_stopped", reason=stop.sentence, since=stop.since)


def _of_ended(run: RunFacts) -> Holdup:
    retry = f"zoom-ops runs retry {run.id}"
    if run.state == "parked":
        reason = f"Run {run.id} ({run.job}) waits for an operator: {run.error}"
        return Holdup(kind="parked", reason=reason, action=f"Then: {retry}", since=run.since)
    reason = f"Run {run.id} ({run.job}) has failed: {run.error}"
    return Holdup(kind="failed", reason=reason, action=f"Mend the cause, then: {retry}", since=run.since)


def _of_retried(run: RunFacts) -> Holdup:
    if run.waiting:
        return Holdup(kind="waiting", reason=run.error, since=run.since, until=run.next_at)
    times = "once" if run.failures <= 1 else f"{run.failures} times in a row"
    reason = f"{run.job} failed {times}: {run.error}"
    again = f"It is tried again on {run.next_at:%Y-%m-%d %H:%M} UTC." if run.next_at else ""
    return Holdup(kind="failing", reason=reason, action=again, since=run.since, until=run.next_at)
