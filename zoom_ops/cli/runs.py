"""`zoom-ops run` and `runs`: the runs of the jobs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .opening import As, actor, opened, opened_storage
from .output import AsJson, Cell, Limit, at, print_changes, print_json, print_list, print_result, short_time, warn

if TYPE_CHECKING:
    from ..app import App
    from ..engine.runs import Run
    from ..operations.jobs.requests import Watch
    from ..operations.views.run_filters import RunChoice, RunQuery
    from ..storage import Storage

app = typer.Typer(name="runs", help="Runs: what became of them; show, retry, cancel.", invoke_without_command=True)

_POLL_S = 0.1

Failed = Annotated[bool, typer.Option("--failed", help="Only those that failed or need an operator.")]
OfState = Annotated[str | None, typer.Option("--state", help="active, parked, failed, done or cancelled.")]
OfJob = Annotated[str | None, typer.Option("--job", help="Only those of this job.")]
OfEvent = Annotated[str | None, typer.Option("--event", help="Only those for this event.")]
Since = Annotated[str | None, typer.Option(metavar="WHEN", help="Only those asked for since then: 2h, 7d, 2027-01-31.")]
Cause = Annotated[str | None, typer.Option(help="Only those with these words in their cause, as --causes shows it.")]
All = Annotated[bool, typer.Option("--all", help="Also failures that a later run has replaced.")]
Force = Annotated[bool, typer.Option("--force", help="Also what the guard refuses as unsafe.")]
NotDone = Annotated[
    bool, typer.Option("--not-done", help="You have looked for what `runs show` says is open: it was not done.")
]
RunId = Annotated[int, typer.Argument(metavar="RUN", help="The number of the run.")]


def run(
    job: Annotated[str, typer.Argument(metavar="JOB", help="The job, as `jobs` lists it.")],
    event: Annotated[str | None, typer.Option("--event", help="Only for this event.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also what is refused or left alone for safety.")] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Run a job now, for one event or for all that are due. Wait for it."""
    from ..operations.jobs.requests import request_job

    with opened() as service:
        known_job = service.get_job(job)
        if dry_run:
            return _preview(service, known_job, event, as_json)
        runs = request_job(service.context, known_job, event, actor(as_name), force=force)
        code = follow(service, runs, as_json=as_json)
    raise typer.Exit(code)


@app.callback()
def list_(  # noqa: PLR0913  # each is an option of the command
    context: typer.Context,
    failed: Failed = False,
    state: OfState = None,
    job: OfJob = None,
    event: OfEvent = None,
    since: Since = None,
    cause: Cause = None,
    everything: All = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List runs, the newest first."""
    from ..operations.views.alerts import count_open_alerts
    from ..operations.views.run_filters import RunQuery
    from ..operations.views.runs import show_runs

    if context.invoked_subcommand:
        return None
    query = RunQuery(
        job=job or "",
        event=event or "",
        since=since or "",
        state=state or "",
        cause=cause or "",
        failed=failed,
        everything=everything,
    )
    with opened_storage() as storage:
        rows = show_runs(storage.database, read_choice(storage, query), limit=limit)
        alerts = count_open_alerts(storage.database) if failed else 0
    columns: dict[str, Cell] = {
        "run": "id",
        "asked for (UTC)": at("created"),
        "job": "job",
        "for": "subject",
        "state": lambda row: f"{row['state']}, then run {row['replaced_by']}" if row["replaced_by"] else row["state"],
        "tried": "attempts",
        "what became of it": lambda row: row["error"] or row["outcome"],
    }
    print_list(rows, columns, as_json=as_json, empty="There are no such runs." if query.words else "There are no runs.")
    if alerts and not as_json:
        warn(f"{alerts} open alert{'s' if alerts > 1 else ''}: zoom-ops alerts")
    return None


def read_choice(storage: Storage, query: RunQuery) -> RunChoice:
    """Read which runs a person means."""
    from ..operations.jobs.registry import load_jobs
    from ..operations.views.run_filters import read_query

    jobs = load_jobs(storage.settings.jobs_dir) if query.job else ()
    return read_query(storage.database, query, jobs)


@app.command()
def show(run: RunId, as_json: AsJson = False) -> None:
    """Show a run: its outcome, and the calls that it made to Zoom."""
    from ..operations.views.runs import show_run

    with opened_storage() as storage:
        document = show_run(storage.database, run)
    if as_json:
        return print_json(document)
    for name in ("id", "job", "subject", "account", "state", "attempts", "outcome", "error", "next_at", "created"):
        if document[name] is not None:
            typer.echo(f"{name:<10} {document[name]}")
    if open_change := document["open"]:
        typer.echo(f"{'open':<10} {open_change['action']}, since {short_time(open_change['since'])} UTC")
        typer.echo(f"{'look for':<10} {open_change['look_for']}")
        for way in open_change["commands"]:
            typer.echo(f"{'then':<10} {way['when']}: {way['command']}")
    columns: dict[str, Cell] = {
        "at": lambda call: call["at"][11:19],
        "method": "method",
        "path": "path",
        "status": "status",
        "tracking id": "tracking_id",
    }
    return print_list(document["calls"], columns, empty="It made no call to Zoom.")


@app.command()
def retry(
    run: RunId, force: Force = False, not_done: NotDone = False, as_name: As = None, as_json: AsJson = False
) -> None:
    """Retry a run, and wait for it."""
    from ..operations.jobs.requests import retry_run

    with opened() as service:
        again = retry_run(service.context, run, actor(as_name), force=force, not_done=not_done)
        code = follow(service, (again,), as_json=as_json)
    raise typer.Exit(code)


@app.command()
def cancel(run: RunId, as_name: As = None, as_json: AsJson = False) -> None:
    """Cancel a run that has not ended."""
    from ..operations.jobs.requests import cancel_run
    from ..operations.views.runs import run_json

    with opened() as service:
        cancelled = cancel_run(service.context, run, actor(as_name))
    return print_result(run_json(cancelled), f"Run {run} is cancelled.", as_json=as_json)


def follow(service: App, run_ids: tuple[int, ...], *, as_json: bool) -> int:
    """Wait for runs and their follow-up runs, print their progress and at last their counts; return the exit code.

    The daemon performs them if one runs, else this process does.
    """
    from rich.console import Console

    from ..operations.jobs.requests import Watch, exit_code
    from ..operations.views.runs import run_json, sum_up

    watch = Watch(service.context, run_ids, lambda job: service.jobs[job].then if job in service.jobs else ())
    console = Console(stderr=True, quiet=as_json)
    is_animated = console.is_terminal and not console.is_dumb_terminal
    with console.status("working") as status:  # silent where no terminal shows it
        above = partial(console.out, highlight=False) if is_animated and sys.stdout.isatty() else typer.echo
        show = _Printer(status.update, above, quiet=as_json)
        work = _work_here if service.engines.alone_lock.acquire() else _watch
        runs = work(service, watch, show)
    if as_json:
        print_json([run_json(run) for run in runs])
    else:
        typer.echo(sum_up(runs))
    return exit_code(runs)


def _preview(service: Any, job: Any, event: str | None, as_json: bool) -> None:
    from ..operations.jobs.requests import preview_job, turns_of

    event_ids = (event,) if event else turns_of(service.context, job)
    plans = [plan for event_id in event_ids for plan in preview_job(service.context, job, event_id)]
    if as_json:
        return print_json([plan.model_dump(mode="json") for plan in plans])
    for plan in plans:
        for action in plan.actions:
            typer.secho(f"{action.event}: {action.kind}", bold=True)
            print_changes(action.changes())
        for blocker in plan.blockers:
            warn(f"{plan.event}: {blocker.sentence}")
    if not any(plan.actions or plan.blockers for plan in plans):
        typer.echo("Nothing is to be done.")
    return None


def _watch(service: App, watch: Watch, show: Callable[[Iterable[Run]], None]) -> tuple[Run, ...]:
    from ..app import is_worked_on, wake

    wake(service)
    while True:
        progress = watch.look()
        show(progress.runs)
        if progress.settled:
            return progress.runs
        if not is_worked_on(service):
            typer.echo("No process has performed anything lately. This is done as soon as one does.", err=True)
            return progress.runs
        time.sleep(_POLL_S)  # noqa: TID251  # a person waits here, in real time


def _work_here(service: App, watch: Watch, show: Callable[[Iterable[Run]], None]) -> tuple[Run, ...]:
    runs: tuple[Run, ...] = ()

    def enough() -> bool:
        nonlocal runs
        progress = watch.look()
        runs = progress.runs
        show(runs)
        return progress.settled

    try:
        service.engines.alone.drain(enough)
    finally:
        service.engines.alone.stop()
    return runs


class _Printer:
    def __init__(self, show_counts: Callable[[str], None], write: Callable[[str], None], *, quiet: bool) -> None:
        self._show_counts, self._write, self._quiet = show_counts, write, quiet
        self._printed: dict[int, str] = {}

    def __call__(self, runs: Iterable[Run]) -> None:
        """Print the runs whose state has changed, and show how many are in which state."""
        from collections import Counter

        from ..operations.views.runs import state_of

        states = {run: state_of(run) for run in runs}
        self._show_counts(", ".join(f"{count} {state}" for state, count in sorted(Counter(states.values()).items())))
        for run, state in states.items():
            text = f"{state}: {run.outcome if state == 'done' else run.error or ''}".rstrip(": ")
            if self._printed.get(run.id) != text and state not in ("active", "running"):
                self._printed[run.id] = text
                if not self._quiet:
                    self._write(f"{run.job} {run.subject.id} {text}")
