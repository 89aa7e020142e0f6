"""Changes of the jobs' schedules by operators: pause, resume, interval."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from ...errors import BadInputError
from ...store.audit import Actor, record_audit
from ...store.db.connect import Database
from ...store.schedules import AS_WRITTEN, ScheduleSetting, load_schedule_settings, save_schedule_setting
from ..notes import clean_note
from .registry import Job

_SHORTEST, _LONGEST = timedelta(seconds=10), timedelta(days=7)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def pause_job(database: Database, job: Job, note: str, by: Actor) -> None:
    """Pause a job's schedule, or change the note of its pause. Rings and requests by hand still run the job.

    Raise BadInputError for a note that says nothing.
    """
    why = clean_note(note)

    def pause(setting: ScheduleSetting, now: datetime) -> ScheduleSetting:
        return replace(setting, paused=True, note=why, by=by.name, since=setting.since or now)

    _change(database, job, by, "job_paused", pause, note=why)


def resume_job(database: Database, job: Job, by: Actor) -> None:
    """Resume a job's schedule. Missed turns are skipped."""
    _change(database, job, by, "job_resumed", lambda setting, _now: ScheduleSetting(every=setting.every))


def change_schedule(database: Database, job: Job, every: str, by: Actor) -> timedelta:
    """Change a job's interval, such as 90s, 10m, 2h or 1d; empty restores the interval of its file. Return it.

    Raise BadInputError for any other text, or an interval that is too short or too long.
    """
    interval = None
    if every.strip():
        match = re.fullmatch(r"\s*(?:every\s+)?([0-9]{1,7})\s*([smhd])[a-z]*\s*", every.lower())
        interval = timedelta(seconds=int(match[1]) * _UNITS[match[2]]) if match else None
        if interval is None or not _SHORTEST <= interval <= _LONGEST:
            raise BadInputError(f"{every[:50]!r} is no interval from 10 seconds to 7 days, such as 90s, 10m, 2h or 1d.")
    detail = every.strip() or "as its file says"
    _change(database, job, by, "schedule_changed", lambda setting, _now: replace(setting, every=interval), every=detail)
    return interval or job.every


def _change(
    database: Database,
    job: Job,
    by: Actor,
    what: str,
    change: Callable[[ScheduleSetting, datetime], ScheduleSetting],
    **detail: str,
) -> None:
    with database.begin() as connection:
        setting = load_schedule_settings(connection).get(job.name, AS_WRITTEN)
        now = database.now(connection)
        save_schedule_setting(connection, job.name, change(setting, now), now)
        record_audit(connection, by, what, ("job", job.name), now, **detail)
