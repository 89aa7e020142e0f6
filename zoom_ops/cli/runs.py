"""`zoom-ops jobs`, `run` and `runs`: the jobs, with their runs."""

from typing import Annotated, Any

import typer

from .opening import As, actor, opened, opened_storage
from .output import AsJson, Cell, at, print_changes, print_json, print_list, short_time, warn

app = typer.Typer(help="Runs: what became of them; show, retry, cancel.", invoke_without_command=True)

RunId = Annotated[int, typer.Argument(metavar="RUN", help="The number of the run.")]


def jobs(as_json: AsJson = False) -> None:
    """List the jobs with schedule, last and next run."""
    from ..operations.jobs.registry import load_jobs
    from ..operations.views.jobs import list_jobs

    with opened_storage() as storage:
        rows = list_jobs(storage.database, load_jobs(storage.settings.jobs_dir).values())
    return print_list(
        rows,
        {
            "job": "name",
            "schedule": "schedule",
            "last run (UTC)": at("last_run"),
            "next run": at("next_run"),
            "what it does": "summary",
        },
        as_json=as_json,
        empty="There are no jobs.",
    )


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
    from .following import follow

    with opened() as service:
        known_job = service.get_job(job)
        if dry_run:
            return _preview(service, known_job, event, as_json)
        runs = request_job(service.context, known_job, event, actor(as_name), force=force)
        code = follow(service, runs, as_json=as_json)
    raise typer.Exit(code)


@app.callback()
def list_(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed or need an operator.")] = False,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List runs, the newest first."""
    from ..operations.views.alerts import count_open_alerts
    from ..operations.views.runs import show_runs

    if context.invoked_subcommand:
        return None
    with opened_storage() as storage:
        rows = show_runs(storage.database, failed=failed, limit=limit)
        alerts = count_open_alerts(storage.database) if failed else 0
    columns: dict[str, Cell] = {
        "run": "id",
        "asked for (UTC)": at("created"),
        "job": "job",
        "for": "subject",
        "state": "state",
        "tried": "attempts",
        "what became of it": lambda row: row["error"] or row["outcome"],
    }
    print_list(rows, columns, as_json=as_json, empty="There are no runs.")
    if alerts and not as_json:
        warn(f"{alerts} open alert{'s' if alerts > 1 else ''}: zoom-ops alerts")
    return None


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
    run: RunId,
    force: Annotated[bool, typer.Option("--force", help="Also what the guard refuses as unsafe.")] = False,
    not_done: Annotated[
        bool, typer.Option("--not-done", help="You have looked for what `runs show` says is open: it was not done.")
    ] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Retry a run, and wait for it."""
    from ..operations.jobs.requests import retry_run
    from .following import follow

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
    if as_json:
        return print_json(run_json(cancelled))
    return typer.echo(f"Run {run} is cancelled.")


def _preview(service: Any, job: Any, event: str | None, as_json: bool) -> None:
    """Print what a job would do: for one event, or for all events that are due."""
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
