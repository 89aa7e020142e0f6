"""Runs that people ask for: preview, request, retry, cancel, watch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ...engine.listing import get_open_run, get_run, list_open, list_runs, nothing_to_cancel
from ...engine.runs import BY_HAND, Request, Run, Subject, cancel, find_run, reopen, submit
from ...errors import BadInputError
from ...events import Event
from ...planning import Action, Plan
from ...store.audit import Actor, record_audit
from ...store.events import load_event
from ...store.homes.entries import records_of
from ..context import Context
from ..due import Turn
from ..reconcile.observe import plan_event
from ..subjects import event_in, record_subject
from .registry import Job, Outcome

_SOON = timedelta(seconds=5)  # a watcher waits for a run that is due again within this time


class Preview:
    """Stand-in for the work of a run: a job that gets it plans, and changes nothing."""

    def __init__(self, context: Context, event: Event, *, force: bool = False) -> None:
        self.event, self.touched = event, (event.id,)
        self._context, self._force = context, force
        self.plans: list[Plan] = []

    def converge(self, *kinds: str) -> Outcome:
        """Plan the actions, and do nothing."""
        self.plans.append(self.plan(*kinds))
        return "Nothing was done."

    def plan(self, *kinds: str) -> Plan:
        """Plan as the work of a run does."""
        return plan_event(self._context, self.event, kinds=kinds, force=self._force)

    def perform(self, action: Action) -> bool:
        """Note the action, and do nothing."""
        self.plans.append(Plan(event=self.event.id, actions=(action,)))
        return True

    def settle(self) -> None:
        """Settle nothing."""

    def report_missing_recording(self) -> str:
        """Report nothing."""
        return "A recording that is missing would be reported."

    def report_expiring_recording(self) -> Outcome:
        """Report nothing."""
        return "A recording that Zoom deletes soon would be reported."

    def report_stray_webinars(self) -> str:
        """Report nothing."""
        return "Webinars that carry an event's mark and are not its own would be reported."

    def fetch_recordings(self) -> str:
        """Fetch nothing."""
        return "Recordings would be fetched from Zoom."


class LinkPreview:
    """Stand-in for the work of a run for an event in a home: a job that gets it plans for all homes of the event."""

    touched: tuple[str, ...] = ()

    def __init__(self, preview: Preview) -> None:
        self._preview = preview

    def publish_links(self) -> Outcome:
        """Plan the links, and do nothing."""
        return self._preview.converge("PublishLink", "WithdrawLink")


def request_job(context: Context, job: Job, event_id: str | None, by: Actor, *, force: bool = False) -> tuple[int, ...]:
    """Request a job for one event, or for all subjects for which it is due; return the ids of the runs.

    Raise BadInputError if an event is named and the job is not about events, or the event is in no home that it is
    about.
    """
    if event_id is not None:
        _check_about_events(job)
    with context.database.begin() as connection:
        if event_id is None:
            turns = _turns(connection, job, context.database.now(connection))
        else:
            turns = _turns_of_event(context, connection, job, event_id)
        runs = submit_by_hand(context, connection, ((job.name, turn) for turn in turns), force=force)
        about = ("event", event_id) if event_id else ("job", job.name)
        now = context.database.now(connection)
        record_audit(connection, by, "job_asked_for", about, now, job=job.name, runs=len(runs), force=force)
        return runs


def submit_by_hand(
    context: Context, connection: Connection, turns: Iterable[tuple[str, Turn]], *, force: bool
) -> tuple[int, ...]:
    """Request jobs, each for its subject, before what the schedule requests; return the ids of the runs."""
    now = context.database.now(connection)
    return tuple(
        submit(connection, Request(job=job, subject=subject, account=account, priority=BY_HAND, force=force), now)
        for job, (subject, account) in turns
    )


def turns_of(context: Context, job: Job) -> tuple[str, ...]:
    """List the events for which a job is due."""
    with context.database.read() as connection:
        turns = _turns(connection, job, context.database.now(connection))
    return tuple(dict.fromkeys(event_id for subject, _ in turns if (event_id := event_in(subject))))


def _turns(connection: Connection, job: Job, now: datetime) -> tuple[Turn, ...]:
    """List the subjects for which a job is due when a person asks: also those with a waiting run."""
    waiting = ((run.subject, run.account) for run in list_open(connection, job.name))
    return tuple(dict.fromkeys((*waiting, *job.turn(connection, job.name, now))))


def _turns_of_event(context: Context, connection: Connection, job: Job, event_id: str) -> tuple[Turn, ...]:
    """List the subjects of a job that one event has: itself, or its records in homes."""
    event = load_event(connection, event_id)
    if job.about == "event":
        return ((Subject(kind="event", id=event_id), context.account_of(event) or ""),)
    homes = sorted({row.home for row in records_of(connection, event_id)}.intersection(context.homes))
    if not homes:
        raise BadInputError(f"Event {event_id} has no record in a home, so the job {job.name} has nothing to do.")
    return tuple((record_subject(home, event_id), "") for home in homes)


def preview_job(context: Context, job: Job, event_id: str, *, force: bool = False) -> tuple[Plan, ...]:
    """Return what a job would do for an event; raise BadInputError if the job is not about events."""
    _check_about_events(job)
    with context.database.read() as connection:
        preview = Preview(context, load_event(connection, event_id), force=force)
    job.function(preview if job.about == "event" else LinkPreview(preview))
    return tuple(preview.plans)


def _check_about_events(job: Job) -> None:
    if job.about not in ("event", "record"):
        raise BadInputError(f"The job {job.name} is about a {job.about} and not about an event.")


def retry_run(context: Context, run_id: int, by: Actor, *, force: bool = False, not_done: bool = False) -> int:
    """Retry a finished or parked run; return the id of the run that does it.

    `not_done`: an operator has checked that the open change was not made at Zoom.
    """
    run = get_run(context.database, run_id)
    with context.database.begin() as connection:
        if not_done and not context.journal.dismiss(connection, run.subject):
            raise BadInputError(f"Nothing is open for {run.subject.id}: retry run {run_id} without --not-done.")
        now = context.database.now(connection)
        about = {"job": run.job, "for": run.subject.id, "force": force, "not_done": not_done}
        record_audit(connection, by, "run_retried", ("run", run_id), now, **about)
        return reopen(connection, run, now, force=force)


def cancel_run(context: Context, run_id: int, by: Actor) -> Run:
    """Cancel an open run; raise BadInputError if it has ended."""
    run = get_open_run(context.database, run_id)
    with context.database.begin() as connection:
        now = context.database.now(connection)
        if not cancel(connection, run_id, now):  # it has just ended
            raise nothing_to_cancel(run)
        record_audit(connection, by, "run_cancelled", ("run", run_id), now, **{"job": run.job, "for": run.subject.id})
    return get_run(context.database, run_id)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The progress of runs that a person waits for."""

    runs: tuple[Run, ...]
    settled: bool  # nothing more is to be expected soon


class Watch:
    """Watches runs, and the runs that follow them for the same subjects.

    `batches`: further runs, the next ones once those before them rest.
    """

    def __init__(
        self,
        context: Context,
        run_ids: Sequence[int],
        followers: Callable[[str], tuple[str, ...]],
        batches: Iterator[Sequence[int]] | None = None,
    ) -> None:
        self._context, self._ids, self._followers = context, list(run_ids), followers
        self._batches = batches or iter(())
        self._past: list[Run] = []

    def look(self) -> Progress:
        """Return how far the runs are now."""
        with self._context.database.read() as connection:
            now = self._context.database.now(connection)
            runs = [run for run_id in self._ids if (run := find_run(connection, run_id))]
            for run in [run for run in runs if run.state == "done"]:
                for other in list_runs(connection, subject=run.subject, limit=20):
                    if other.job in self._followers(run.job) and other.id not in self._ids and other.id > run.id:
                        self._ids.append(other.id)
                        runs.append(other)
        progress = Progress(runs=(*self._past, *runs), settled=all(_rests(run, now) for run in runs))
        if progress.settled and (following := next(self._batches, ())):
            self._past, self._ids = list(progress.runs), list(following)
            return replace(progress, settled=False)
        return progress


def _rests(run: Run, now: datetime) -> bool:
    """Return whether nothing more is to be expected of a run soon."""
    if run.state != "active":
        return True
    tried = run.attempts > 0 and run.started is None and run.rung <= run.answered
    return tried and run.next_at is not None and run.next_at > now + _SOON


def exit_code(runs: Iterable[Run]) -> int:
    """Return the exit code for the worst outcome: 1 failed or cancelled, 3 parked, 5 still active, 0 done."""
    states = {run.state for run in runs}
    if "failed" in states or "cancelled" in states:
        return 1
    if "parked" in states:
        return 3
    return 5 if "active" in states else 0
