"""Changes of schedules by operators: a pause, or other turns than in the job file."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from .db.upsert import upsert
from .tables import schedule_setting


@dataclass(frozen=True, kw_only=True)
class ScheduleSetting:
    """The changes of a schedule; without interval and cron line, its turns are those of the job file."""

    paused: bool = False
    note: str = ""  # why it is paused; empty for a pause from before notes
    by: str = ""  # who paused it
    since: datetime | None = None  # of the pause
    every: timedelta | None = None
    cron: str | None = None  # in place of an interval, with its zone
    zone: str | None = None


AS_WRITTEN = ScheduleSetting()
_ALL = select(schedule_setting)


def load_schedule_settings(connection: Connection) -> dict[str, ScheduleSetting]:
    """Load the changes, by schedule."""
    settings = {}
    for row in connection.execute(_ALL):
        every = None if row.every_s is None else timedelta(seconds=row.every_s)
        pause = {"note": row.pause_note or "", "by": row.paused_by or "", "since": row.paused_at or row.at}
        when = {"every": every, "cron": row.cron, "zone": row.zone}
        settings[row.schedule] = ScheduleSetting(paused=row.paused, **when, **(pause if row.paused else {}))
    return settings


def save_schedule_setting(connection: Connection, schedule: str, value: ScheduleSetting, now: datetime) -> None:
    """Write the changes of a schedule."""
    seconds = None if value.every is None else int(value.every.total_seconds())
    pause = {"pause_note": value.note, "paused_by": value.by, "paused_at": value.since}
    values = {"paused": value.paused, "every_s": seconds, "cron": value.cron, "zone": value.zone, "at": now, **pause}
    upsert(connection, schedule_setting, {"schedule": schedule}, values)
