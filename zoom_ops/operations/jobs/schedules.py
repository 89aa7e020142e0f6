"""Changes of the jobs' schedules by operators: pause, resume, interval."""

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from ...errors import BadInputError
from ...store.audit import Actor, record_audit
from ...store.schedules import AS_WRITTEN, ScheduleSetting, load_schedule_settings, save_schedule_setting
from ..context import Context
from .registry import Job

SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=7)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def pause_job(context: Context, job: Job, by: Actor) -> None:
    """Pause a job's schedule. Rings and requests by hand still run the job."""
    with context.database.begin() as connection:
        _save(context, connection, job, replace(_setting(connection, job), paused=True), by, "job_paused")


def resume_job(context: Context, job: Job, by: Actor) -> None:
    """Resume a job's schedule. Missed turns are skipped."""
    with context.database.begin() as connection:
        _save(context, connection, job, replace(_setting(connection, job), paused=False), by, "job_resumed")


def change_schedule(context: Context, job: Job, every: str, by: Actor) -> timedelta:
    """Change a job's interval, such as 90s, 10m, 2h or 1d; empty restores the interval of its file. Return it."""
    interval = read_interval(every) if every.strip() else None
    with context.database.begin() as connection:
        setting = replace(_setting(connection, job), every=interval)
        _save(context, connection, job, setting, by, "schedule_changed", every=every.strip() or "as its file says")
    return interval or job.every


def read_interval(text: str) -> timedelta:
    """Parse an interval; raise BadInputError where it is none, or not from 10 seconds to 7 days."""
    match = re.fullmatch(r"\s*([0-9]{1,7})\s*([smhd])[a-z]*\s*", text.lower())
    interval = timedelta(seconds=int(match[1]) * _UNITS[match[2]]) if match else None
    if interval is None or not SHORTEST <= interval <= LONGEST:
        raise BadInputError(f"{text[:50]!r} is no interval from 10 seconds to 7 days, such as 90s, 10m, 2h or 1d.")
    return interval


def _setting(connection: Connection, job: Job) -> ScheduleSetting:
    return load_schedule_settings(connection).get(job.name, AS_WRITTEN)


def _save(
    context: Context, connection: Connection, job: Job, value: ScheduleSetting, by: Actor, what: str, **detail: str
) -> None:
    now = context.database.now(connection)
    save_schedule_setting(connection, job.name, value, now)
    record_audit(connection, by, what, ("job", job.name), now, **detail)
