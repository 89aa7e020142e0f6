"""Ticks: when a job's turn comes, once each, with the runs it submits in one transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.base import BaseExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Connection, func, select

from ..clock import SystemClock
from ..errors import ZoomOpsError
from ..store.db.connect import Database
from ..store.db.upsert import insert_into
from ..store.schedules import AS_WRITTEN, ScheduleSetting, load_schedule_settings
from ..store.tables import tick as ticks
from .runs import Request, submit_all

_ALIGNED_TO = datetime(2020, 1, 1, tzinfo=UTC)
_AGAIN_AFTER = timedelta(seconds=5)
_SLACK = timedelta(seconds=5)

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A job's turns: every so often, aligned to a fixed start, and what is to be run then."""

    name: str
    every: timedelta
    requests: Callable[[Connection, datetime], Iterable[Request]]


def every_of(schedule: Schedule, settings: Mapping[str, ScheduleSetting]) -> timedelta:
    """Tell how often a schedule has its turn: as an operator says, else as it was written."""
    return settings.get(schedule.name, AS_WRITTEN).every or schedule.every


def next_fire(every: timedelta, now: datetime) -> datetime:
    """Tell when the next turn comes."""
    return latest_fire(every, now) + every


def latest_fire(every: timedelta, now: datetime) -> datetime:
    """Tell when the latest turn came."""
    return now - (now - _ALIGNED_TO) % every


def turn_of(every: timedelta, told: datetime, now: datetime) -> datetime:
    """Tell which turn is meant by the time on another clock than the database's; where they differ, the nearest."""
    return told if abs(told - now) < every else latest_fire(every, now + every / 2)


def turn_after(every: timedelta, missed_turn: datetime, now: datetime) -> datetime:
    """Tell which turn is taken in place of one that could not be: the latest, so that all that were missed are one."""
    return max(missed_turn, latest_fire(every, now))


def fire(database: Database, schedule: Schedule, fire_time: datetime) -> int:
    """Take a turn: claim it by its row and submit its runs in the same transaction; tell how many.

    What is to be run is found before that, for it may take long, and on SQLite nobody else writes meanwhile. One that
    an operator has paused takes none; when it goes on, it does not catch up on them.
    """
    with database.read() as connection:
        if _is_taken(connection, schedule, fire_time) or _is_paused(connection, schedule):
            return 0
        requests = tuple(schedule.requests(connection, database.now(connection)))
    with database.begin() as connection:
        now = database.now(connection)
        claimed = connection.execute(
            insert_into(connection, ticks)
            .values(schedule=schedule.name, fire_time=fire_time, at=now)
            .on_conflict_do_nothing()
            .returning(ticks.c.schedule)
        ).first()
        return submit_all(connection, requests, now) if claimed else 0


def _is_taken(connection: Connection, schedule: Schedule, fire_time: datetime) -> bool:
    query = select(ticks.c.at).where(ticks.c.schedule == schedule.name, ticks.c.fire_time == fire_time)
    return connection.execute(query).first() is not None


def _is_paused(connection: Connection, schedule: Schedule) -> bool:
    return load_schedule_settings(connection).get(schedule.name, AS_WRITTEN).paused


def missed(database: Database, schedule: Schedule, now: datetime) -> datetime | None:
    """Find the turn to catch up on at start: the latest one, if it was not taken though earlier ones were."""
    query = select(func.max(ticks.c.fire_time)).where(ticks.c.schedule == schedule.name)
    with database.read() as connection:
        taken: datetime | None = connection.execute(query).scalar_one()
    latest = latest_fire(schedule.every, now)
    return latest if taken is not None and taken < latest else None


class TickExecutor(BaseExecutor):  # type: ignore[misc]  # APScheduler ships no types
    """Runs a turn where APScheduler would run a function: only here the fire time is told."""

    def submit_job(self, job: object, run_times: list[datetime]) -> None:
        """Take the latest of the turns that are due; several missed ones count as one."""
        self._do_submit_job(job, run_times)

    def _do_submit_job(self, job: object, run_times: list[datetime]) -> None:
        take: Callable[[datetime], None] = job.func  # type: ignore[attr-defined]
        take(run_times[-1].astimezone(UTC))


class Ticker:
    """APScheduler, fed with our schedules."""

    def __init__(self, database: Database, schedules: Iterable[Schedule], fired: Callable[[], None]) -> None:
        self._database, self._fired = database, fired
        self._written = tuple(schedules)
        self._schedules: dict[str, Schedule] = {}  # as operators have changed them
        self._wall = SystemClock()  # APScheduler's; turns are told apart by the database's
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": TickExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Catch up once on what was missed, then fire in time."""
        self._schedules = self._changed()
        for schedule in self._schedules.values():
            if turn := missed(self._database, schedule, self._now()):
                self._take(schedule.name, turn)
            self._scheduler.add_job(self._taker(schedule.name), _trigger(schedule), id=schedule.name, args=[None])
        self._scheduler.start()

    def keep_time(self) -> None:
        """Follow what operators change, and have no turn wait for an hour that has come already.

        APScheduler does not see that the clock was put back.
        """
        now, before = self._wall.now(), self._schedules
        self._schedules = self._changed()
        for name, schedule in self._schedules.items():
            job = self._scheduler.get_job(name)
            late = job and job.next_run_time and job.next_run_time - now > schedule.every + _SLACK
            if job and (late or schedule.every != before[name].every):
                job.reschedule(_trigger(schedule))

    def stop(self) -> None:
        """Fire no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _changed(self) -> dict[str, Schedule]:
        with self._database.read() as connection:
            settings = load_schedule_settings(connection)
        return {one.name: replace(one, every=every_of(one, settings)) for one in self._written}

    def _taker(self, name: str) -> Callable[[datetime], None]:
        return lambda fire_time: self._take(name, fire_time)

    def _take(self, name: str, fire_time: datetime) -> None:
        schedule = self._schedules[name]
        try:
            if fire(self._database, schedule, turn_of(schedule.every, fire_time, self._now())):
                self._fired()
        except ZoomOpsError as error:  # the turn is not lost: it is taken a little later
            log.warning("tick_delayed", schedule=schedule.name, reason=str(error))
            later = self._wall.now() + _AGAIN_AFTER
            self._scheduler.add_job(lambda _later: self._take_late(name, fire_time), "date", [None], run_date=later)

    def _take_late(self, name: str, missed_turn: datetime) -> None:
        self._take(name, turn_after(self._schedules[name].every, missed_turn, self._wall.now()))

    def _now(self) -> datetime:
        with self._database.read() as connection:
            return self._database.now(connection)


def _trigger(schedule: Schedule) -> IntervalTrigger:
    return IntervalTrigger(seconds=int(schedule.every.total_seconds()), start_date=_ALIGNED_TO, timezone=UTC)
