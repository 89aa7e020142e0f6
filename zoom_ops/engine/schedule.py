"""Ticks: each turn of a schedule is taken once, in one transaction with the runs that it submits."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.executors.base import BaseExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy import func, select

from ..clock import SystemClock
from ..errors import ZoomOpsError
from ..store.db.connect import Database
from ..store.db.upsert import insert_into
from ..store.schedules import AS_WRITTEN, load_schedule_settings
from ..store.tables import tick as ticks
from .runs import submit_all
from .timetable import Schedule, When, latest_fire, next_fire, turn_after, turn_of, when_of

_AGAIN_AFTER = timedelta(seconds=5)
_SLACK = timedelta(seconds=5)

log = structlog.get_logger()


def fire(database: Database, schedule: Schedule, fire_time: datetime) -> int:
    """Take a turn: claim it by its row and submit its runs in the same transaction; return how many.

    The requests are computed before the transaction: that may take long, and SQLite allows one writer at a time. A
    paused schedule takes no turns. When it goes on, it does not catch up on them.
    """
    taken = select(ticks.c.at).where(ticks.c.schedule == schedule.name, ticks.c.fire_time == fire_time)
    with database.read() as connection:
        is_paused = load_schedule_settings(connection).get(schedule.name, AS_WRITTEN).paused
        if is_paused or connection.execute(taken).first():
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


def missed(database: Database, schedule: Schedule, now: datetime) -> datetime | None:
    """Find the turn to catch up on at start: the latest one, if it was not taken and an earlier one was."""
    query = select(func.max(ticks.c.fire_time)).where(ticks.c.schedule == schedule.name)
    with database.read() as connection:
        taken: datetime | None = connection.execute(query).scalar_one()
    latest = latest_fire(schedule.when, now)
    return latest if taken is not None and taken < latest else None


class TickExecutor(BaseExecutor):  # type: ignore[misc]  # APScheduler ships no types
    """Takes a turn where APScheduler would call a function. Only an executor receives the fire time."""

    def submit_job(self, job: object, run_times: list[datetime]) -> None:
        """Take the latest of the due turns. Several missed turns count as one."""
        take: Callable[[datetime], None] = job.func  # type: ignore[attr-defined]
        take(run_times[-1].astimezone(UTC))

    _do_submit_job = submit_job  # abstract in APScheduler


class Turns(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """The turns of a schedule. APScheduler's own cron counts weekdays from Monday, and wants both kinds of day."""

    def __init__(self, when: When) -> None:
        self._when = when

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return the turn after the previous one: of several missed turns the latest."""
        latest = latest_fire(self._when, now.astimezone(UTC))
        if previous is None:
            return latest if latest == now else next_fire(self._when, latest)
        return max(latest, next_fire(self._when, previous.astimezone(UTC)))


class Ticker:
    """Takes the turns of the schedules in time, with APScheduler; calls `fired` when a turn has submitted runs."""

    def __init__(self, database: Database, schedules: Iterable[Schedule], fired: Callable[[], None]) -> None:
        self._database, self._fired = database, fired
        self._written = tuple(schedules)
        self._schedules: dict[str, Schedule] = {}  # with the operators' changes
        self._late: set[str] = set()  # the schedules with a turn that is taken later
        self._lost: dict[str, datetime] = {}  # the latest turn of each schedule that could not be written
        self._wall = SystemClock()  # APScheduler's clock; the rows of the turns hold times by the database's clock
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": TickExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Catch up once on missed turns, then fire in time."""
        self._schedules = self._changed()
        for schedule in self._schedules.values():
            if turn := missed(self._database, schedule, self._database.ask_clock()):
                self._take(schedule.name, turn)
            self._add(schedule)
        self._scheduler.start()

    def replace(self, schedules: Iterable[Schedule]) -> None:
        """Take these schedules in place of the written ones; `keep_time` applies the change."""
        self._written = tuple(schedules)

    def keep_time(self) -> None:
        """Apply the changes of operators and job files; reschedule turns that lie too far ahead after a clock step.

        APScheduler does not notice a clock that is put back.
        """
        now, before = self._wall.now(), self._schedules
        self._schedules = self._changed()
        for name, schedule in self._schedules.items():
            job = self._scheduler.get_job(name)
            late = job and job.next_run_time and job.next_run_time > next_fire(schedule.when, now) + _SLACK
            if job and (late or schedule.when != before[name].when):
                job.reschedule(_trigger(schedule))
            elif name not in before:
                self._add(schedule)
        for name in before.keys() - self._schedules.keys():
            self._scheduler.remove_job(name)

    def stop(self) -> None:
        """Stop firing."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _add(self, schedule: Schedule) -> None:
        take = partial(self._take, schedule.name)
        self._scheduler.add_job(take, _trigger(schedule), id=schedule.name, args=[None])

    def _changed(self) -> dict[str, Schedule]:
        with self._database.read() as connection:
            settings = load_schedule_settings(connection)
        return {
            schedule.name: replace(schedule, when=when_of(schedule.name, schedule.when, settings))
            for schedule in self._written
        }

    def _take(self, name: str, fire_time: datetime) -> None:
        schedule = self._schedules.get(name)
        if schedule is None or name not in {written.name for written in self._written}:  # its job was removed
            return
        try:
            if fire(self._database, schedule, turn_of(schedule.when, fire_time, self._database.ask_clock())):
                self._fired()
        except ZoomOpsError as error:  # the turn is not lost: it is taken 5 seconds later
            log.warning("tick_delayed", schedule=schedule.name, reason=str(error))
            self._take_later(schedule, fire_time)
            if self._lost.get(name) != fire_time:
                self._lost[name] = fire_time
                schedule.lost(error)

    def _take_later(self, schedule: Schedule, fire_time: datetime) -> None:
        name = schedule.name
        if name in self._late:  # one is enough: it takes the latest turn
            return
        self._late.add(name)

        def take_late(_later: datetime) -> None:
            self._late.discard(name)
            self._take(name, turn_after(schedule.when, fire_time, self._wall.now()))

        self._scheduler.add_job(take_late, "date", [None], run_date=self._wall.now() + _AGAIN_AFTER)


def _trigger(schedule: Schedule) -> BaseTrigger:
    return Turns(schedule.when)
