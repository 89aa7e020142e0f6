"""The jobs, for operators: schedule, last run, next run."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ...clock import iso_text
from ...engine.listing import latest_run
from ...engine.timetable import next_fire
from ...store.db.connect import Database
from ...store.schedules import AS_WRITTEN, load_schedule_settings
from ..jobs.registry import Job


def list_jobs(database: Database, jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """List the jobs as JSON values: schedule, last run, next run. An operator's changes of the schedule apply."""
    now = database.clock.now()
    shown: list[dict[str, Any]] = []
    with database.read() as connection:
        settings = load_schedule_settings(connection)
        for job in jobs:
            setting, latest = settings.get(job.name, AS_WRITTEN), latest_run(connection, job.name)
            every = setting.every or job.every
            shown.append(
                {
                    "name": job.name,
                    "summary": job.summary,
                    "schedule": f"{'paused, else ' if setting.paused else ''}every {write_interval(every)}",
                    "last_run": iso_text(latest.created) if latest else None,
                    "next_run": None if setting.paused else iso_text(next_fire(every, now)),
                    "paused": setting.paused,
                    "note": setting.note or None,
                    "paused_by": setting.by or None,
                    "paused_since": iso_text(setting.since),
                }
            )
    return shown


def write_interval(every: timedelta) -> str:
    """Render an interval for people, such as "5 minutes" or "day"."""
    days, rest = divmod(every, timedelta(days=1))
    if not rest:
        return "day" if days == 1 else f"{days} days"
    seconds = int(every.total_seconds())
    return f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"
