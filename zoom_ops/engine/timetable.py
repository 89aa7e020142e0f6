"""Schedules, and when their turns come."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ..errors import ZoomOpsError
from ..store.schedules import AS_WRITTEN, ScheduleSetting
from .runs import Request

ALIGNED_TO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The turns of a job: their interval, aligned to a fixed start, and the runs that each of them submits."""

    name: str
    every: timedelta
    requests: Callable[[Connection, datetime], Iterable[Request]]
    lost: Callable[[ZoomOpsError], object] = lambda _error: None  # called once for a turn that cannot be written now


def every_of(schedule: Schedule, settings: Mapping[str, ScheduleSetting]) -> timedelta:
    """Return the interval of a schedule: the operator's, else that of the job file."""
    return settings.get(schedule.name, AS_WRITTEN).every or schedule.every


def next_fire(every: timedelta, now: datetime) -> datetime:
    """Return when the next turn comes."""
    return latest_fire(every, now) + every


def latest_fire(every: timedelta, now: datetime) -> datetime:
    """Return when the latest turn came."""
    return now - (now - ALIGNED_TO) % every


def turn_of(every: timedelta, fire_time: datetime, now: datetime) -> datetime:
    """Return the turn that `fire_time`, by this machine's clock, means by the database's clock.

    Where the clocks differ by an interval or more, this is the turn nearest to `now`.
    """
    return fire_time if abs(fire_time - now) < every else latest_fire(every, now + every / 2)


def turn_after(every: timedelta, missed_turn: datetime, now: datetime) -> datetime:
    """Return the turn to take in place of a missed one: the latest, so that all missed turns count as one."""
    return max(missed_turn, latest_fire(every, now))
