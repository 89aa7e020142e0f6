"""Changes of schedules by operators: a pause, or another interval than in the job file."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from .db.upsert import upsert
from .tables import schedule_setting


@dataclass(frozen=True, kw_only=True)
class ScheduleSetting:
    """The changes of a schedule; an interval of None is that of the job file."""

    paused: bool = False
    every: timedelta | None = None


AS_WRITTEN = ScheduleSetting()


def load_schedule_settings(connection: Connection) -> dict[str, ScheduleSetting]:
    """Load the changes, by schedule."""
    settings = {}
    for row in connection.execute(select(schedule_setting)):
        every = None if row.every_s is None else timedelta(seconds=row.every_s)
        settings[row.schedule] = ScheduleSetting(paused=row.paused, every=every)
    return settings


def save_schedule_setting(connection: Connection, schedule: str, value: ScheduleSetting, now: datetime) -> None:
    """Write the changes of a schedule."""
    seconds = None if value.every is None else int(value.every.total_seconds())
    values = {"paused": value.paused, "every_s": seconds, "at": now}
    upsert(connection, schedule_setting, {"schedule": schedule}, values)
