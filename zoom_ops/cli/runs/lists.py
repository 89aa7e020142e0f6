"""`zoom-ops run` and `runs`: the runs of the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..grammar.groups import Noun
from ..opening import As, actor, opened, opened_storage
from ..output import AsJson, Cell, Limit, at, print_changes, print_json, print_list, print_result, short_time, warn
from .following import follow
from .options import Cause, OfEvent, OfJob, OfState, RunId, Since
from .retry import retry

if TYPE_CHECKING:
    from ...operations.views.run_lists.filters import RunChoice, RunQuery
    from ...storage import Storage

app = Noun(name="runs", help="List the runs of the jobs; show, retry and cancel them.")

Failed = Annotated[bool, typer.Option("--failed", help="Only those that failed or need an operator.")]
Causes = Annotated[
    bool, typer.Option("--causes", help="What they have in common: a line a cause, the most frequent first.")
]
All = Annotated[bool, typer.Option("--all", help="Also failures that a later run has replaced.")]


def run(
    job: Annotated[str, typer.Argument(metavar="JOB", help="The job, as `jobs` lists it.")],
    event: Annotated[str | None, typer.Option("--event", metavar="EVENT", help="Only for this event.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also what is refused or left alone for safety.")] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Run a job now, for one event or for all that are due. Wait for it."""
    from ...operations.jobs.requests import request_job

    with opened() as service:
        known_job = service.get_job(job)
        if dry_run:
            return _preview(service, known_job, event, as_json)
        runs = request_job(service.context, known_job, event, actor(as_name), force=force)
        code = follow(service, runs, as_json=as_json)
    raise typer.Exit(code)


@app.command("list")
def list_(  # noqa: PLR0913  # each is an option of the command
    failed: Failed = False,
    state: OfState = None,
    job: OfJob = None,
    event: OfEvent = None,
    since: Since = None,
    cause: Cause = None,
    everything: All = False,
    causes: Causes = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List runs, the newest first; with --causes those that failed or are parked, by what they have in common."""
    from ...operations.views.run_lists.filters import RunQuery

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
        choice = read_choice(storage, query)
        if causes:
            return _print_causes(storage, choice, limit, as_json=as_json)
        return _print_runs(storage, query, choice, limit, as_json=as_json)


def _print_runs(storage: Storage, query: RunQuery, choice: RunChoice, limit: int, *, as_json: bool) -> None:
    from ...operations.views.alerts import count_open_alerts
    from ...operations.views.run_lists.causes import show_causes
    from ...operations.views.runs import show_runs

    rows = show_runs(storage.database, choice, limit=limit)
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
    if as_json or not query.failed:
        return
    several = [row for row in show_causes(storage.database, choice, limit=limit) if row["count"] > 1]
    if several:
        count = sum(row["count"] for row in several)
        warn(f"{count} of them have {len(several)} {'causes' if len(several) > 1 else 'cause'}: zoom-ops runs --causes")
    if alerts := count_open_alerts(storage.database):
        warn(f"{alerts} open alert{'s' if alerts > 1 else ''}: zoom-ops alerts")


def _print_causes(storage: Storage, choice: RunChoice, limit: int, *, as_json: bool) -> None:
    from ...operations.views.run_lists.causes import name_first, show_causes

    columns: dict[str, Cell] = {
        "runs": "count",
        "first (UTC)": at("since"),
        "cause": "cause",
        "for": lambda row: name_first(row["subjects"]),
    }
    rows = show_causes(storage.database, choice, limit=limit)
    print_list(rows, columns, as_json=as_json, empty="No such run failed or waits for an operator.")
    if rows and not as_json:
        warn("To retry them once the cause is mended: zoom-ops runs retry --failed --cause WORDS")


def read_choice(storage: Storage, query: RunQuery) -> RunChoice:
    """Read which runs a person means."""
    from ...operations.jobs.registry import load_jobs
    from ...operations.views.run_lists.filters import read_query

    jobs = load_jobs(storage.settings.jobs_dir) if query.job else ()
    return read_query(storage.database, query, jobs)


@app.command()
def show(run: RunId, as_json: AsJson = False) -> None:
    """Show a run: its outcome, and the calls that it made to Zoom."""
    from ...operations.views.runs import show_run
    from ...planning import name_action

    with opened_storage() as storage:
        document = show_run(storage.database, run)
    if as_json:
        return print_json(document)
    for name in ("id", "job", "subject", "account", "state", "attempts", "outcome", "error", "next_at", "created"):
        if document[name] is not None:
            typer.echo(f"{name:<10} {document[name]}")
    if open_change := document["open"]:
        typer.echo(f"{'open':<10} {name_action(open_change['action'])}, since {short_time(open_change['since'])} UTC")
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


app.command()(retry)


@app.command()
def cancel(run: RunId, as_name: As = None, as_json: AsJson = False) -> None:
    """Cancel a run that has not ended."""
    from ...operations.jobs.requests import cancel_run
    from ...operations.views.runs import run_json

    with opened() as service:
        cancelled = cancel_run(service.context, run, actor(as_name))
    return print_result(run_json(cancelled), f"Run {run} is cancelled.", as_json=as_json)


def _preview(service: Any, job: Any, event: str | None, as_json: bool) -> None:
    from ...operations.jobs.requests import preview_job, turns_of
    from ...planning import name_action

    event_ids = (event,) if event else turns_of(service.context, job)
    plans = [plan for event_id in event_ids for plan in preview_job(service.context, job, event_id)]
    if as_json:
        return print_json([plan.model_dump(mode="json") for plan in plans])
    for plan in plans:
        for action in plan.actions:
            typer.secho(f"{action.event}: {name_action(action.kind)}", bold=True)
            print_changes(action.changes())
        for blocker in plan.blockers:
            warn(f"{plan.event}: {blocker.sentence}")
    if not any(plan.actions or plan.blockers for plan in plans):
        typer.echo("Nothing is to be done.")
    return None
