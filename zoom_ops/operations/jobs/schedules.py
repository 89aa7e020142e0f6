"""Changes of the jobs' schedules by operators: pause, resume, turns."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from ...engine.cron import Cron, parse_cron
from ...engine.timetable import When
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

    def resume(setting: ScheduleSetting, _now: datetime) -> ScheduleSetting:
        return replace(setting, paused=False, note="", by="", since=None)

    _change(database, job, by, "job_resumed", resume)


def change_schedule(database: Database, job: Job, words: str, zone: str, by: Actor) -> When:
    """Change when a job has its turns, by what a person writes; empty restores those of its file. Return when.

    Raise BadInputError for what is neither an interval nor a cron line (see `parse_when`).
    """
    when = parse_when(words, zone) if words.strip() else None
    if when is None and zone.strip():
        raise BadInputError("A time zone is for a cron line only: give the line with it.")
    every = when if isinstance(when, timedelta) else None
    cron, its_zone = (when.line, when.zone) if isinstance(when, Cron) else (None, None)

    def change(setting: ScheduleSetting, _now: datetime) -> ScheduleSetting:
        return replace(setting, every=every, cron=cron, zone=its_zone)

    detail = " ".join(part for part in (cron or words.strip() or "as its file says", its_zone) if part)
    _change(database, job, by, "schedule_changed", change, every=detail)
    return when or job.when


def parse_when(words: str, zone: str) -> When:
    """Parse an interval, such as 90s, `every 10m`, 2h or 1d, or a cron line, which is in `zone` or in UTC.

    Raise BadInputError for anything else, an interval that is too short or too long, a cron line that never comes, a
    time zone that is unknown or stands with an interval.
    """
    match = re.fullmatch(r"\s*(?:every\s+)?([0-9]{1,7})\s*([smhd])[a-z]*\s*", words.lower())
    if match is None and len(words.split()) > 2:
        return parse_cron(words, zone.strip() or "UTC")
    interval = timedelta(seconds=int(match[1]) * _UNITS[match[2]]) if match else None
    if interval is None or not _SHORTEST <= interval <= _LONGEST:
        raise BadInputError(
            f"{words[:50]!r} is no interval from 10 seconds to 7 days, such as 90s, 10m, 2h or 1d, and no cron line, "
            'such as "0 6 * * 1-5".'
        )
    if zone.strip():
        raise BadInputError(
            f"An interval is the same in every time zone: leave out {zone[:50]!r}, or give a cron line with it, "
            'such as "0 6 * * 1-5".'
        )
    return interval


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
