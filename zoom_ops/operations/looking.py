"""What operators look at: events, jobs and runs, as JSON values."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from ..clock import iso_text
from ..engine.listing import latest_run, list_runs
from ..engine.runs import Run, Subject
from ..engine.schedule import next_fire
from ..events import Event
from ..store.calls import load_calls
from ..store.events import load_changes, load_event, load_past, load_upcoming
from ..store.recordings import load_publications
from ..store.schedules import AS_WRITTEN, ScheduleSetting, load_schedule_settings
from ..store.webinars import load_bindings
from .asking import get_run
from .context import Context
from .jobs import Job
from .open_changes import describe

Document = dict[str, Any]


def list_events(context: Context, *, past: bool = False, limit: int = 50) -> list[Document]:
    """List events, a line each: those to come, or those that are over."""
    load = load_past if past else load_upcoming
    with context.database.read() as connection:
        events = load(connection, context.clock.now(), limit)
        published = load_publications(connection, [event.id for event in events])
        bindings = load_bindings(connection, [event.id for event in events])
    return [
        {
            "id": event.id,
            "name": event.name,
            "start": event.to_json()["start"],
            "timezone": event.timezone,
            "status": event.status,
            "webinar": bound.webinar_id if (bound := bindings.get(event.id)) and bound.state == "bound" else None,
            "recordings": sum(p.state == "published" for p in published.get(event.id, ())),
            "without_address": len(event.without_address()),
            "needs_review": len(event.needs_review),
        }
        for event in events
    ]


def timeline(context: Context, event_id: str) -> list[Document]:
    """List what happened to an event, in order."""
    with context.database.read() as connection:
        load_event(connection, event_id)
        changes = load_changes(connection, event_id)
    return [{"at": iso_text(change.at), "what": change.what, "sentence": change.sentence} for change in changes]


def list_jobs(context: Context, jobs: Iterable[Job]) -> list[Document]:
    """List the jobs with schedule, last and next run, as operators have changed them."""
    now = context.clock.now()
    with context.database.read() as connection:
        settings = load_schedule_settings(connection)
        return [_job(job, settings.get(job.name, AS_WRITTEN), latest_run(connection, job.name), now) for job in jobs]


def _job(job: Job, setting: ScheduleSetting, latest: Run | None, now: datetime) -> Document:
    every = setting.every or job.every
    return {
        "name": job.name,
        "summary": job.summary,
        "schedule": f"{'paused, else ' if setting.paused else ''}every {write_interval(every)}",
        "last_run": iso_text(latest.created) if latest else None,
        "next_run": None if setting.paused else iso_text(next_fire(every, now)),
    }


def show_runs(
    context: Context,
    *,
    failed: bool = False,
    job: str | None = None,
    event: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Document]:
    """List runs, the newest first; only those that need a person, if `failed`."""
    states = ("failed", "parked") if failed else ()
    subject = Subject(kind="event", id=event) if event else None
    with context.database.read() as connection:
        runs = list_runs(connection, states=states, subject=subject, job=job, before=before, limit=limit)
    return [run_json(run) for run in runs]


def show_run(context: Context, run_id: int) -> Document:
    """Show a run with the calls that it made to Zoom, and the change that is open for its event."""
    run = get_run(context, run_id)
    intent = context.journal.find_intent(run.subject)
    with context.database.read() as connection:
        calls = load_calls(connection, run_id)
    made = [
        {"at": iso_text(c.at), "method": c.method, "path": c.path, "status": c.status, "tracking_id": c.tracking_id}
        for c in calls
    ]
    return run_json(run) | {"open": describe(intent, run_id) if intent else None, "calls": made}


def run_json(run: Run) -> Document:
    """Write a run as JSON."""
    return {
        "id": run.id,
        "job": run.job,
        "subject": run.subject.id,
        "account": run.account or None,
        "state": state_of(run),
        "attempts": run.attempts,
        "outcome": run.outcome,
        "error": run.error,
        "next_at": iso_text(run.next_at),
        "created": iso_text(run.created),
        "finished": iso_text(run.finished),
    }


def state_of(run: Run) -> str:
    """Name the state of a run as people see it: an active one is waiting, running, or to be tried again."""
    if run.state != "active":
        return run.state
    if run.started is not None:
        return "running"
    if run.waiting:
        return "waiting"
    return "retrying" if run.error else "active"


def write_interval(every: timedelta) -> str:
    """Write an interval as people say it."""
    days, rest = divmod(every, timedelta(days=1))
    if not rest:
        return "day" if days == 1 else f"{days} days"
    seconds = int(every.total_seconds())
    return f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"


def missing_addresses(event: Event) -> tuple[str, ...]:
    """List who cannot be seated for want of an address."""
    return tuple(person.name for person in event.without_address())
