"""Ticks: one process fires each tick once, together with the runs that it submits."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from tests.root import ROOT
from tests.waiting import wait_until
from zoom_ops.engine import schedule as schedule_module
from zoom_ops.engine.cron import parse_cron
from zoom_ops.engine.listing import list_runs
from zoom_ops.engine.runs import Request, Run, Subject
from zoom_ops.engine.schedule import Ticker, Turns, fire, missed
from zoom_ops.engine.timetable import Schedule, When, latest_fire, next_fire, turn_after, turn_of
from zoom_ops.errors import TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.store.schedules import ScheduleSetting, save_schedule_setting
from zoom_ops.store.tables import tick

pytestmark = pytest.mark.both_databases

MINUTE = timedelta(minutes=1)
TURN = datetime(2040, 1, 31, 13, 30, tzinfo=UTC)

_PROCESS = """
import sys
from datetime import UTC, datetime, timedelta
from zoom_ops.engine.runs import Request, Subject
from zoom_ops.engine.timetable import Schedule
from zoom_ops.engine.schedule import fire
from zoom_ops.store.db.connect import open_database

database = open_database(sys.argv[1])
def requests(connection, now):
    yield Request(job="sweep", subject=Subject(kind="host", id="webinars@example.org"))
sweep = Schedule(name="sweep", when=timedelta(minutes=1), requests=requests)
print("ready", flush=True)
sys.stdin.read(1)
print(sum(fire(database, sweep, datetime(2040, 1, 31, 13, n, tzinfo=UTC)) for n in range(30)))
"""


def a_schedule(*subjects: str, every: timedelta = MINUTE, failing: Callable[[], None] = lambda: None) -> Schedule:
    def requests(_connection: Connection, _now: datetime) -> Iterable[Request]:
        for subject in subjects or ("webinars@example.org",):
            yield Request(job="sweep", subject=Subject(kind="host", id=subject), unpark=False)
        failing()

    return Schedule(name="sweep", when=every, requests=requests)


def runs(database: Database) -> tuple[Run, ...]:
    with database.read() as connection:
        return list_runs(connection)


def turns(database: Database) -> list[datetime]:
    with database.read() as connection:
        return list(connection.execute(select(tick.c.fire_time).order_by(tick.c.fire_time)).scalars())


@pytest.mark.parametrize(
    ("now", "latest", "following"),
    [
        ("13:30:00.000000", "13:30", "13:45"),
        ("13:30:00.000001", "13:30", "13:45"),
        ("13:44:59.999999", "13:30", "13:45"),
    ],
)
def test_turns_are_aligned_whenever_a_process_starts(now: str, latest: str, following: str) -> None:
    moment = datetime.fromisoformat(f"2040-01-31T{now}+00:00")
    quarter = timedelta(minutes=15)

    assert latest_fire(quarter, moment) == datetime.fromisoformat(f"2040-01-31T{latest}:00+00:00")
    assert next_fire(quarter, moment) == datetime.fromisoformat(f"2040-01-31T{following}:00+00:00")


def test_turn_is_taken_once_with_its_runs(database: Database) -> None:
    both = a_schedule("one@example.org", "two@example.org")

    taken = [fire(database, both, TURN), fire(database, both, TURN), fire(database, both, TURN + MINUTE)]

    assert taken == [2, 0, 2]
    assert turns(database) == [TURN, TURN + MINUTE]
    assert [(run.subject.id, run.rung) for run in runs(database)] == [("two@example.org", 2), ("one@example.org", 2)]


def test_turn_that_fails_is_not_taken_and_submits_nothing(database: Database) -> None:
    def fail() -> None:
        raise TemporaryError("The database did not answer.")

    with pytest.raises(TemporaryError):
        fire(database, a_schedule(failing=fail), TURN)

    assert (turns(database), runs(database)) == ([], ())


def test_turn_whose_runs_cannot_be_written_is_not_taken(database: Database) -> None:
    def nameless(_connection: Connection, _now: datetime) -> Iterable[Request]:
        yield Request(job="sweep", subject=Subject(kind="host", id="one@example.org"))
        yield Request(job="sweep", subject=Subject(kind="host", id=None))  # type: ignore[arg-type]

    with pytest.raises(TemporaryError):
        fire(database, Schedule(name="sweep", when=MINUTE, requests=nameless), TURN)

    assert (turns(database), runs(database)) == ([], ())


@pytest.mark.process
def test_two_processes_take_each_turn_once(migrated_database_url: str, database: Database) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, migrated_database_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    taken = [int(process.communicate("go", timeout=60)[0]) for process in processes]

    (run,) = runs(database)
    assert sum(taken) == 30
    assert len(turns(database)) == 30
    assert run.rung == 30


def test_missed_turns_are_caught_up_on_once(database: Database) -> None:
    schedule = a_schedule()
    fire(database, schedule, TURN)

    assert missed(database, schedule, TURN + MINUTE / 2) is None
    assert missed(database, schedule, TURN + 90 * MINUTE + MINUTE / 2) == TURN + 90 * MINUTE
    fire(database, schedule, TURN + 90 * MINUTE)
    assert missed(database, schedule, TURN + 90 * MINUTE + MINUTE / 2) is None


def test_first_start_ever_has_missed_nothing(database: Database) -> None:
    assert missed(database, a_schedule(), TURN) is None


def test_ticker_catches_up_at_its_start_and_then_keeps_time(database: Database) -> None:
    schedule, fired = a_schedule(every=timedelta(seconds=1)), threading.Event()
    fire(database, schedule, TURN - timedelta(days=9999))
    ticker = Ticker(database, [schedule], fired.set)

    ticker.start()
    caught_up = len(turns(database))
    try:
        wait_until(lambda: len(turns(database)) >= caught_up + 2)
    finally:
        ticker.stop()

    assert caught_up == 2
    assert fired.is_set()
    assert all(turn.microsecond == 0 for turn in turns(database))
    gaps = [later - earlier for earlier, later in zip(turns(database)[2:], turns(database)[3:], strict=False)]
    assert set(gaps) == {timedelta(seconds=1)}


def test_ticker_takes_a_turn_later_when_the_database_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule_module, "_AGAIN_AFTER", timedelta(milliseconds=50))
    failures = iter([TemporaryError("The database did not answer."), TemporaryError("Still not.")])

    def fail_twice() -> None:
        if error := next(failures, None):
            raise error

    schedule = a_schedule(every=timedelta(hours=1), failing=fail_twice)
    now = database.clock.now()
    fire(database, a_schedule(every=timedelta(hours=1)), latest_fire(schedule.when, now) - timedelta(hours=5))
    ticker = Ticker(database, [schedule], lambda: None)

    ticker.start()
    try:
        wait_until(lambda: len(turns(database)) == 2)
    finally:
        ticker.stop()

    assert turns(database)[-1] == latest_fire(schedule.when, now)


def test_turns_that_fail_meanwhile_are_taken_later_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule_module, "_AGAIN_AFTER", timedelta(hours=1))
    failed: list[None] = []

    def fail() -> None:
        failed.append(None)
        raise TemporaryError("The database did not answer.")

    fire(database, a_schedule(every=timedelta(seconds=1)), TURN - timedelta(days=9999))
    ticker = Ticker(database, [a_schedule(every=timedelta(seconds=1), failing=fail)], lambda: None)

    ticker.start()
    try:
        wait_until(lambda: len(failed) >= 2)
        waiting = len(ticker._scheduler.get_jobs())
    finally:
        ticker.stop()

    assert waiting == 2  # the turns to come, and one in place of those that failed


@pytest.mark.parametrize(
    ("reading", "meant"),
    [
        ("13:30:00", "13:30"),
        ("13:29:59", "13:29:59"),
        ("12:30:00", "13:30"),
        ("14:25:00", "13:30"),
        ("23:11:00", "13:30"),
    ],
)
def test_turn_is_told_by_the_clock_of_the_database(reading: str, meant: str) -> None:
    now, quarter = datetime.fromisoformat("2040-01-31T13:30:04+00:00"), timedelta(minutes=15)

    turn = turn_of(quarter, datetime.fromisoformat(f"2040-01-31T{reading}+00:00"), now)

    assert turn == datetime.fromisoformat(f"2040-01-31T{meant}+00:00")


@pytest.mark.parametrize("missed_turn", ["10:00", "10:05", "10:10"])
def test_turns_that_were_missed_in_an_outage_are_one_and_none_is_to_come(missed_turn: str) -> None:
    day, five = "2040-01-31T{}:00+00:00".format, timedelta(minutes=5)
    now = datetime.fromisoformat(day("10:12")) + timedelta(seconds=40)

    turn = turn_after(five, datetime.fromisoformat(day(missed_turn)), now)

    assert turn_of(five, turn, now) == datetime.fromisoformat(day("10:10"))


def test_turn_that_failed_takes_none_that_is_to_come(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        schedule_module, "_AGAIN_AFTER", timedelta(seconds=1.6)
    )  # shortly before the tick after the next
    tries: list[float] = []

    def fail_once() -> None:
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise TemporaryError("The database does not answer.")

    ticker = Ticker(database, [a_schedule(every=timedelta(seconds=1), failing=fail_once)], lambda: None)
    ticker.start()
    try:
        wait_until(lambda: bool(tries) and time.monotonic() > tries[0] + 1.9)
    finally:
        ticker.stop()

    with database.read() as connection:
        taken = connection.execute(select(tick.c.fire_time, tick.c.at)).all()
    assert taken
    assert all(row.fire_time <= row.at + timedelta(seconds=0.3) for row in taken)


def test_ticker_waits_for_no_turn_that_a_wrong_clock_promised(database: Database) -> None:
    ticker = Ticker(database, [a_schedule(every=timedelta(seconds=1))], lambda: None)
    ticker.start()
    job = ticker._scheduler.get_jobs()[0]
    job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))  # as after the clock was put back
    before = len(turns(database))

    ticker.keep_time()
    try:
        wait_until(lambda: len(turns(database)) > before + 1)
    finally:
        ticker.stop()


def test_cron_line_takes_effect_without_a_restart_and_goes_again(database: Database) -> None:
    hour = timedelta(hours=1)
    ticker = Ticker(database, [a_schedule(every=hour)], lambda: None)
    ticker.start()
    try:
        with database.begin() as connection:
            by_cron = ScheduleSetting(cron="0 0 29 2 *", zone="Europe/Paris")
            save_schedule_setting(connection, "sweep", by_cron, database.now(connection))
        ticker.keep_time()
        by_line = ticker._scheduler.get_job("sweep").next_run_time
        with database.begin() as connection:
            save_schedule_setting(connection, "sweep", ScheduleSetting(), database.now(connection))
        ticker.keep_time()
        as_written = ticker._scheduler.get_job("sweep").next_run_time
    finally:
        ticker.stop()

    assert f"{by_line.astimezone(ZoneInfo('Europe/Paris')):%m-%d %H:%M}" == "02-29 00:00"
    assert as_written - database.clock.now() <= hour


def test_missed_turns_of_a_cron_line_are_one(database: Database) -> None:
    daily = replace(a_schedule(), when=parse_cron("0 6 * * *", "Europe/Paris"))
    taken, now = datetime(2040, 1, 28, 5, tzinfo=UTC), datetime(2040, 1, 31, 13, 30, tzinfo=UTC)
    fire(database, daily, taken)

    turn = missed(database, daily, now)

    assert turn == datetime(2040, 1, 31, 5, tzinfo=UTC)
    assert (fire(database, daily, turn), fire(database, daily, turn)) == (1, 0)
    assert missed(database, daily, now) is None


@pytest.mark.parametrize("when", [MINUTE, parse_cron("* * * * *", "Europe/Paris")])
def test_machine_that_slept_takes_the_latest_turn_only(when: When) -> None:
    turns = Turns(when)

    after_sleep = turns.get_next_fire_time(TURN, TURN + timedelta(days=3, seconds=7))

    assert after_sleep == TURN + timedelta(days=3)
    assert turns.get_next_fire_time(after_sleep, TURN + timedelta(days=3, seconds=7)) == after_sleep + MINUTE
    assert turns.get_next_fire_time(None, TURN) == TURN


def test_ticker_that_was_stopped_fires_no_more(database: Database) -> None:
    ticker = Ticker(database, [a_schedule(every=timedelta(seconds=1))], lambda: None)

    ticker.start()
    ticker.stop()
    before = turns(database)
    time.sleep(1.1)

    assert turns(database) == before


def test_ticker_takes_up_new_changed_and_removed_schedules(database: Database) -> None:
    daily = a_schedule(every=timedelta(days=1))
    ticker = Ticker(database, [daily], lambda: None)
    ticker.start()
    try:
        ticker.replace([a_schedule(every=timedelta(seconds=1)), replace(daily, name="new")])
        ticker.keep_time()
        scheduled = {job.id: job.trigger._when for job in ticker._scheduler.get_jobs()}
        wait_until(lambda: len(turns(database)) > 1)

        ticker.replace([replace(daily, name="new")])
        removed = database.clock.now()
        time.sleep(1.1)
        after = [turn for turn in turns(database) if turn > removed]
        ticker.keep_time()
        left = [job.id for job in ticker._scheduler.get_jobs()]
    finally:
        ticker.stop()

    assert scheduled == {"sweep": timedelta(seconds=1), "new": daily.when}
    assert after == []  # the removed one has no turns from then on
    assert left == ["new"]
