"""The jobs, for operators: schedule, last run, next run."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...clock import iso_text
from ...engine.outcomes import OUTCOMES
from ...engine.timetable import next_fire, when_of
from ...store.db.connect import Database
from ...store.schedules import AS_WRITTEN, load_schedule_settings
from ..jobs.registry import Job
from .figures.outcomes import RunShown
from .schedules import local_turn, when_json, write_when


def list_jobs(
    database: Database, jobs: Collection[Job], latest: Mapping[str, Sequence[RunShown]]
) -> list[dict[str, Any]]:
    """List the jobs as JSON values: schedule, last runs, next run. An operator's changes of the schedule apply.

    `latest`: the last runs of each job, as `load_strips` returns them.
    """
    now = database.clock.now()
    shown: list[dict[str, Any]] = []
    with database.read() as connection:
        settings = load_schedule_settings(connection)
        for job in jobs:
            setting = settings.get(job.name, AS_WRITTEN)
            when = when_of(job.name, job.when, settings)
            turn = None if setting.paused else next_fire(when, now)
            shown.append(
                {
                    "name": job.name,
                    "summary": job.summary,
                    "schedule": write_when(when),
                    "last_run": iso_text(latest[job.name][-1].created) if latest[job.name] else None,
                    "last_outcomes": _count(latest[job.name]),
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


def _count(runs: Sequence[RunShown]) -> dict[str, int]:
    """Count runs by outcome; an outcome that no run had is left out."""
    counts = Counter(run.outcome for run in runs)
    return {outcome: counts[outcome] for outcome in OUTCOMES if counts[outcome]}
