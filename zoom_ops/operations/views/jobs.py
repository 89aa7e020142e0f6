"""The jobs, for operators: schedule, last run, next run."""

from collections.abc import Collection
from typing import Any

from ...clock import iso_text
from ...engine.outcomes import load_latest
from ...engine.timetable import next_fire, when_of
from ...store.db.connect import Database
from ...store.schedules import AS_WRITTEN, load_schedule_settings
from ..jobs.registry import Job
from .schedules import local_turn, when_json, write_when


def list_jobs(database: Database, jobs: Collection[Job]) -> list[dict[str, Any]]:
    """List the jobs as JSON values: schedule, last run, next run. An operator's changes of the schedule apply."""
    now = database.clock.now()
    shown: list[dict[str, Any]] = []
    with database.read() as connection:
        settings = load_schedule_settings(connection)
        latest = load_latest(connection, [job.name for job in jobs], limit=1)
        for job in jobs:
            setting = settings.get(job.name, AS_WRITTEN)
            when = when_of(job.name, job.when, settings)
            turn = None if setting.paused else next_fire(when, now)
            shown.append(
                {
                    "name": job.name,
                    "summary": job.summary,
                    "schedule": f"{'paused, else ' if setting.paused else ''}{write_when(when)}",
                    "last_run": next((iso_text(run.created) for run in latest[job.name]), None),
                    **when_json(when),
                    "next_run": iso_text(turn),
                    "next_run_local": local.isoformat() if turn and (local := local_turn(when, turn)) else None,
                    "paused": setting.paused,
                    "note": setting.note or None,
                    "paused_by": setting.by or None,
                    "paused_since": iso_text(setting.since),
                }
            )
    return shown
