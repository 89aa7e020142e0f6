"""`zoom-ops jobs`: the jobs, with their schedules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .grammar.groups import Noun
from .opening import As, actor, opened_storage
from .output import AsJson, Cell, at, print_list, print_result, short_time

if TYPE_CHECKING:
    from ..operations.jobs.registry import Job
    from ..store.db.connect import Database

app = Noun(name="jobs", help="List the jobs with their schedules; pause, resume and reschedule one.")

JobName = Annotated[str, typer.Argument(metavar="JOB", help="The job, as `jobs` lists it.")]
Note = Annotated[str, typer.Option("--note", help="Why, for everybody who sees the pause.")]
When = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="WHEN", help='`every 10m`, 90s, 2h or 1d; or a cron line in quotes: "0 6 * * 1-5".', show_default=False
    ),
]
Zone = Annotated[str, typer.Option("--zone", help="The time zone of a cron line, such as Europe/Paris; else UTC.")]
AsWritten = Annotated[bool, typer.Option("--as-written", help="The turns of the job's file.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the jobs with schedule, last and next run."""
    from ..operations.jobs.registry import load_jobs
    from ..operations.views.figures.outcomes import load_strips, write_counts
    from ..operations.views.jobs import list_jobs

    with opened_storage() as storage:
        jobs = load_jobs(storage.settings.jobs_dir)
        rows = list_jobs(storage.database, jobs.values(), load_strips(storage.database, jobs))
    columns: dict[str, Cell] = {
        "job": "name",
        "schedule": lambda job: f"{'paused, else ' if job['paused'] else ''}{job['schedule']}",
        "last run (UTC)": at("last_run"),
        "next run": _next_run,
        "its last 50 runs": lambda job: write_counts(job["last_outcomes"]),
        "what it does": _summary,
    }
    return print_list(rows, columns, as_json=as_json, empty="There are no jobs.")


@app.command()
def pause(job: JobName, note: Note, as_name: As = None, as_json: AsJson = False) -> None:
    """Pause a job: it does not run by itself until `jobs resume`. What rings it, and `run`, still start it."""
    from ..operations.jobs.schedules import pause_job

    with _opened(job) as (database, known):
        pause_job(database, known, note, actor(as_name))
    sentence = f"{job} does not run by itself now. To go on: zoom-ops jobs resume {job}"
    return print_result({"name": job, "paused": True}, sentence, as_json=as_json)


@app.command()
def resume(job: JobName, as_name: As = None, as_json: AsJson = False) -> None:
    """Resume a paused job. The turns that it missed are not made up for."""
    from ..operations.jobs.schedules import resume_job

    with _opened(job) as (database, known):
        resume_job(database, known, actor(as_name))
    return print_result({"name": job, "paused": False}, f"{job} runs by itself again.", as_json=as_json)


@app.command()
def schedule(
    job: JobName,
    when: When = None,
    zone: Zone = "",
    as_written: AsWritten = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Change when a job has its turns: at an interval, or by a cron line in a time zone."""
    from ..errors import BadInputError
    from ..operations.jobs.schedules import change_schedule
    from ..operations.views.schedules import when_json, write_when

    words = " ".join(when or ())
    if bool(words) == as_written:
        raise BadInputError(
            'Give an interval, such as `every 10m`, a cron line, such as "0 6 * * 1-5", or --as-written for the turns '
            "of the job's file."
        )
    with _opened(job) as (database, known):
        changed = change_schedule(database, known, words, zone, actor(as_name))
    sentence = f"{job} has its turn {write_when(changed)} from now on."
    return print_result({"name": job, **when_json(changed)}, sentence, as_json=as_json)


@contextmanager
def _opened(name: str) -> Iterator[tuple[Database, Job]]:
    from ..errors import NotFoundError
    from ..operations.jobs.registry import load_jobs

    with opened_storage() as storage:
        jobs = load_jobs(storage.settings.jobs_dir)
        if name not in jobs:
            raise NotFoundError("job", name, jobs)
        yield storage.database, jobs[name]


def _next_run(row: dict[str, Any]) -> str:
    """Render the next turn, and by the clock of its cron line."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    utc, local = short_time(row["next_run"]), row["next_run_local"]
    if not local:
        return utc
    return f"{utc} ({datetime.fromisoformat(local).astimezone(ZoneInfo(row['zone'])):%a %H:%M %Z})"


def _summary(row: dict[str, Any]) -> str:
    """Render what the job does; of a paused one who paused it, since when and why."""
    if not row["paused"]:
        return str(row["summary"])
    by = f" by {row['paused_by']}" if row["paused_by"] else ""
    note = f": {row['note']}" if row["note"] else ""
    return f"paused{by} since {short_time(row['paused_since'])}{note}"
