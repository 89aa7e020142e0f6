"""One suite for both engines: real threads on a real database, and a real queue for the cluster."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from structlog.testing import capture_logs

from tests.builders import NOW
from tests.integration.engine.bench import (
    BRISK,
    PATIENCE_S,
    Bench,
    Stuck,
    Watching,
    all_in,
    ask,
    engines,
    runs,
)
from tests.root import ROOT
from tests.spans import KeptTraces
from tests.waiting import wait_until
from zoom_ops.clock import HeldClock
from zoom_ops.engine.embedded import EmbeddedEngine
from zoom_ops.engine.heartbeat import has_stopped, latest_heartbeat
from zoom_ops.engine.lock import open_lock
from zoom_ops.engine.port import EngineHooks, EngineWaits
from zoom_ops.engine.runs import Done, Request, Run, Subject, submit
from zoom_ops.engine.schedule import fire
from zoom_ops.engine.timetable import Schedule, latest_fire
from zoom_ops.errors import TemporaryError
from zoom_ops.messages import as_said
from zoom_ops.store.db import connect
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.mark import CommitMark

_STUCK_PROCESS = """
import sys, threading
from pathlib import Path
from zoom_ops.clock import HeldClock
from zoom_ops.engine.embedded import EmbeddedEngine
from zoom_ops.engine.port import EngineWaits
from zoom_ops.engine.lock import open_lock
from zoom_ops.store.db.connect import open_database

begun = threading.Event()
def perform(run):
    begun.set()
    threading.Event().wait(60)

database = open_database(sys.argv[1])
engine = EmbeddedEngine(database, open_lock(database), perform, EngineWaits(poll_s=0.02, stop_s=0.2))
engine.start()
begun.wait(60)
print(engine.stop())
"""


ENGINES = (("sqlite", "embedded"), ("postgresql", "embedded"), ("postgresql", "cluster"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run an engine's test with each engine, on each database that the engine supports.

    The threads of an embedded engine are the same on both: on PostgreSQL a test about locks runs each time, others with
    --long.
    """
    chosen = {name for mark in metafunc.definition.iter_markers("parametrize") for name in mark.args[0]}
    if "engine_kind" in metafunc.fixturenames and "engine_kind" not in chosen:
        marks = () if metafunc.definition.get_closest_marker("both_databases") else pytest.mark.long
        embedded, same_threads, cluster = ENGINES
        chosen_engines = [embedded, pytest.param(*same_threads, marks=marks), cluster]
        metafunc.parametrize(("database_kind", "engine_kind"), chosen_engines)


@pytest.fixture
def bench(database: Database, engine_kind: str) -> Iterator[Bench]:
    """A bench for the engine of the test."""
    with engines(database, engine_kind) as bench:
        yield bench


def test_engine_performs_what_is_due_and_nothing_else(bench: Bench) -> None:
    due, later = ask(bench.database), ask(bench.database, subject="other", hours=1)

    bench.start(Watching())

    wait_until(lambda: runs(bench.database)[due].state == "done")
    assert runs(bench.database)[later].attempts == 0


def test_engine_never_performs_two_runs_of_one_subject_at_once(bench: Bench) -> None:
    watching = Watching(seconds=0.02)
    for subject in ("a", "b", "c", "d", "e"):
        for job in ("create_webinars", "register_panelists", "fetch_recordings", "publish_recordings"):
            ask(bench.database, subject, job)

    bench.start(watching, threads=8)

    wait_until(lambda: all_in("done", bench.database))
    assert len(watching.performed) == len(set(watching.performed)) == 20
    assert watching.most_of_a_subject == 1
    assert watching.most > 1


def test_each_attempt_is_a_trace(bench: Bench) -> None:
    traces, run_ids = KeptTraces(), [ask(bench.database, subject) for subject in ("a", "b", "c")]

    engine = bench.start(Watching(), hooks=EngineHooks(tracer=traces))

    wait_until(lambda: all_in("done", bench.database))
    assert engine.stop()
    spans = traces.spans
    assert sorted((span.attributes or {})["zoom_ops.run"] for span in spans) == run_ids
    assert len({span.context.trace_id for span in spans}) == 3


def test_engine_performs_no_more_at_once_than_it_has_threads(bench: Bench) -> None:
    watching, pair = Watching(seconds=0.02), threading.Barrier(2, timeout=PATIENCE_S)

    def perform(run: Run) -> Done:
        pair.wait()  # on a busy machine two that do not wait for each other may never meet
        return watching(run)

    for n in range(12):
        ask(bench.database, f"event-{n}")

    bench.start(perform, threads=2)

    wait_until(lambda: all_in("done", bench.database))
    assert watching.most <= 2


def test_subject_that_stands_apart_keeps_nobody_waiting(bench: Bench) -> None:
    release = threading.Event()
    performed: list[str] = []

    def perform(run: Run) -> Done:
        if run.subject.kind == "webhook":
            release.wait(PATIENCE_S)
        performed.append(run.subject.id)
        return Done(message=as_said("ok"))

    slow = [ask(bench.database, f"slow-{n}", "tell_others", kind="webhook") for n in range(5)]
    for n in range(4):
        ask(bench.database, f"event-{n}")
    bench.start(perform, threads=1, hooks=EngineHooks(apart=("webhook",)))

    wait_until(lambda: len(performed) == 4)
    assert [runs(bench.database)[run_id].started is not None for run_id in slow] == [True] * 5
    release.set()
    wait_until(lambda: all_in("done", bench.database))


def test_subject_that_stands_apart_need_not_wait_for_a_thread(bench: Bench) -> None:
    stuck, delivered = Stuck(), threading.Event()

    def perform(run: Run) -> Done:
        return stuck(run) if run.subject.kind == "event" else Done(message=as_said(str(delivered.set())))

    ask(bench.database)
    bench.start(perform, threads=1, hooks=EngineHooks(apart=("webhook",)))
    stuck.begun.wait(PATIENCE_S)
    ask(bench.database, "quick", "tell_others", kind="webhook")

    assert delivered.wait(PATIENCE_S)
    stuck.release.set()


@pytest.mark.parametrize(("database_kind", "engine_kind"), [("sqlite", "embedded")], indirect=["database_kind"])
def test_account_that_answers_slowly_leaves_threads_to_the_others(bench: Bench) -> None:
    release, performed = threading.Event(), list[str]()

    def perform(run: Run) -> Done:
        if run.account == "slow":
            release.wait(PATIENCE_S)
        performed.append(run.account)
        return Done(message=as_said("ok"))

    for n in range(200):
        ask(bench.database, f"slow-{n}", account="slow")
    bench.start(perform, threads=4, hooks=EngineHooks(spared=lambda: 1))
    wait_until(lambda: sum(run.started is not None for run in runs(bench.database).values()) == 3)
    for n in range(3):
        ask(bench.database, f"quick-{n}", account="quick")
    ask(bench.database, "nobody's")

    wait_until(lambda: sorted(performed) == ["", "quick", "quick", "quick"])
    release.set()
    wait_until(lambda: all_in("done", bench.database))


def test_engine_asks_at_each_look_what_else_is_wanted(bench: Bench) -> None:
    watching = Watching()
    requests = [Request(job="tell_others", subject=Subject(kind="webhook", id="partner"))]

    bench.start(watching, hooks=EngineHooks(asks_for=lambda _connection, _now: [requests.pop()] if requests else []))

    wait_until(lambda: watching.performed == ["tell_others partner"])


def test_engine_is_woken_rather_than_waiting_for_its_next_look(bench: Bench) -> None:
    watching = Watching()
    engine = bench.start(watching, waits=EngineWaits(poll_s=60, heartbeat_s=60, stop_s=5))
    time.sleep(0.2)

    run_id = ask(bench.database)
    engine.wake()

    wait_until(lambda: runs(bench.database)[run_id].state == "done")


def test_engine_performs_what_follows_at_once(bench: Bench) -> None:
    def perform(run: Run) -> Done:
        number = int(run.job.partition("-")[2])
        following = Request(job=f"step-{number + 1}", subject=run.subject)
        return Done(message=as_said("ok"), then=(following,) if number < 6 else ())

    ask(bench.database, job="step-1")
    bench.start(perform, waits=EngineWaits(poll_s=60, heartbeat_s=60, stop_s=5))

    wait_until(lambda: len(runs(bench.database)) == 6 and all_in("done", bench.database))


def test_engine_tells_when_a_run_has_finished(bench: Bench) -> None:
    finished = threading.Event()
    ask(bench.database)

    bench.start(Watching(), hooks=EngineHooks(on_finished=finished.set))

    assert finished.wait(PATIENCE_S)


@pytest.mark.both_databases
def test_engine_takes_its_turns(bench: Bench) -> None:
    def requests(_connection: Connection, _now: datetime) -> Iterable[Request]:
        yield Request(job="sweep", subject=Subject(kind="host", id="webinars@example.org"))

    watching = Watching()
    schedule = Schedule(name="sweep", when=timedelta(seconds=1), requests=requests)

    bench.start(watching, waits=EngineWaits(poll_s=60, heartbeat_s=60, stop_s=5), schedules=[schedule])

    wait_until(lambda: len(watching.performed) >= 2)


def test_engine_tries_again_what_failed_for_a_while(bench: Bench) -> None:
    def perform(run: Run) -> Done:
        if run.attempts < 3:
            raise TemporaryError("Zoom is down.", retry_at=bench.database.clock.now())
        return Done(message=as_said("ok"))

    run_id = ask(bench.database)
    bench.start(perform)

    wait_until(lambda: runs(bench.database)[run_id].state == "done")
    assert runs(bench.database)[run_id].attempts == 3


def test_engine_goes_on_after_a_run_that_broke(bench: Bench) -> None:
    def perform(run: Run) -> Done:
        if run.subject.id == "broken":
            raise ZeroDivisionError
        return Done(message=as_said("ok"))

    broken, sound = ask(bench.database, "broken"), ask(bench.database, "whole")
    bench.start(perform, threads=1)

    wait_until(lambda: runs(bench.database)[sound].state == "done")
    assert runs(bench.database)[broken].state == "failed"


def test_engine_that_stops_finishes_what_is_under_way_and_begins_nothing(bench: Bench) -> None:
    watching = Watching(seconds=0.3)
    first = ask(bench.database)
    engine = bench.start(watching)
    wait_until(lambda: runs(bench.database)[first].started is not None)

    threading.Timer(0.1, lambda: ask(bench.database, "later")).start()
    finished = engine.stop()
    wait_until(lambda: len(runs(bench.database)) == 2)

    assert finished
    assert [run.state for run in runs(bench.database).values()] == ["active", "done"]
    assert watching.performed == ["create_webinars tides"]


def test_engine_that_cannot_finish_in_time_hands_back(bench: Bench) -> None:
    stuck = Stuck()
    run_id = ask(bench.database)
    engine = bench.start(stuck, waits=EngineWaits(poll_s=0.02, heartbeat_s=0.05, stop_s=0.3))
    stuck.begun.wait(PATIENCE_S)

    finished = engine.stop()  # returns, though the run ends only when it is released below
    handed_back = runs(bench.database)[run_id]
    bench.start(Watching())
    wait_until(lambda: runs(bench.database)[run_id].state == "done")
    stuck.release.set()
    time.sleep(0.1)

    assert not finished
    assert handed_back.state == "active"
    assert runs(bench.database)[run_id].outcome == as_said("ok")  # what comes too late is fenced off


@pytest.mark.process
def test_process_ends_though_a_run_does_not(database: Database, migrated_database_url: str) -> None:
    run_id = ask(database)

    process = subprocess.run(
        [sys.executable, "-c", _STUCK_PROCESS, migrated_database_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert (process.returncode, process.stdout.splitlines()[-1]) == (0, "False")
    assert runs(database)[run_id].state == "active"


def test_engine_drains_without_a_dispatcher(database: Database) -> None:
    watching = Watching()
    engine = EmbeddedEngine(database, open_lock(database), watching, BRISK)
    for n in range(5):
        ask(database, f"event-{n}")
    later = ask(database, "later", hours=1)

    engine.drain(lambda: len(watching.performed) == 5)
    engine.stop()

    assert sorted(watching.performed) == [f"create_webinars event-{n}" for n in range(5)]
    assert runs(database)[later].attempts == 0


def test_engine_shows_that_it_is_alive(bench: Bench) -> None:
    before = latest_heartbeat(bench.database)
    bench.start(Watching())

    wait_until(lambda: latest_heartbeat(bench.database) is not None)
    first = latest_heartbeat(bench.database)

    assert before is None
    assert first is not None
    wait_until(lambda: latest_heartbeat(bench.database) != first)


def test_engine_that_stops_takes_its_sign_of_life_back_until_the_next_one_starts(bench: Bench) -> None:
    def stopped() -> bool:
        with bench.database.read() as connection:
            return has_stopped(connection)

    engine = bench.start(Watching())
    wait_until(lambda: latest_heartbeat(bench.database) is not None)
    working = stopped()
    engine.stop()
    heard, gone = latest_heartbeat(bench.database), stopped()
    bench.start(Watching())
    wait_until(lambda: latest_heartbeat(bench.database) != heard)
    engine.stop()

    assert heard is not None  # from it counts how long the service was down
    assert (working, gone, stopped()) == (False, True, False)


@pytest.mark.both_databases
def test_engine_at_rest_does_nothing_while_another_process_has_the_lock(bench: Bench) -> None:
    other = open_lock(bench.database)
    other.acquire()
    run_id = ask(bench.database)

    bench.start(Watching())
    time.sleep(0.3)
    held_up = runs(bench.database)[run_id].attempts
    other.release()

    assert held_up == 0
    wait_until(lambda: runs(bench.database)[run_id].state == "done")


@pytest.mark.both_databases
def test_engine_that_lost_its_lock_begins_nothing_between_two_heartbeats(bench: Bench) -> None:
    """The engine checks its lock before it begins a run, however far away its next heartbeat is."""
    engine = bench.start(Watching(), waits=EngineWaits(poll_s=0.02, heartbeat_s=60, stop_s=5))
    wait_until(lambda: latest_heartbeat(bench.database) is not None)
    bench.lock.release()
    other = open_lock(bench.database)
    wait_until(other.acquire)

    run_id = ask(bench.database)
    wait_until(lambda: engine.trouble is not None)
    time.sleep(0.2)
    held_up = runs(bench.database)[run_id].attempts
    other.release()

    assert held_up == 0
    wait_until(lambda: runs(bench.database)[run_id].state == "done" and engine.trouble is None)


@pytest.mark.parametrize(("database_kind", "engine_kind"), ENGINES[1:])
def test_engine_survives_the_loss_of_every_connection(bench: Bench, migrated_database_url: str) -> None:
    first = ask(bench.database)
    bench.start(Watching())
    wait_until(lambda: runs(bench.database)[first].state == "done")

    administrator = open_database(migrated_database_url)
    with administrator.begin() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                 " WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )  # fmt: skip
    second = ask(administrator)
    administrator.close()

    wait_until(lambda: runs(bench.database)[second].state == "done")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_engine_survives_a_database_that_is_locked_for_a_while(
    migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "BUSY_TIMEOUT_S", 0)
    database = open_database(migrated_database_url)
    run_id = ask(database)
    engine = EmbeddedEngine(database, open_lock(database), Watching(), BRISK)

    with database.begin():
        engine.start()
        time.sleep(0.3)
        locked_out = runs(database)[run_id].attempts
    try:
        wait_until(lambda: runs(database)[run_id].state == "done")
    finally:
        engine.stop()
        database.close()

    assert locked_out == 0


def test_engine_that_catches_up_for_long_is_not_disturbed_by_its_heartbeat(bench: Bench) -> None:
    def ask_slowly(_connection: Connection, _now: datetime) -> tuple[Request, ...]:
        time.sleep(0.2)
        return ()

    day = timedelta(days=1)
    schedules = [Schedule(name=f"slow-{n}", when=day, requests=ask_slowly) for n in range(3)]
    for schedule in schedules:
        fire(bench.database, schedule, latest_fire(day, bench.database.clock.now()) - 2 * day)

    with capture_logs() as log:
        bench.start(Watching(), schedules=schedules)

    assert [line for line in log if line["event"] == "dispatcher_broke"] == []


def test_short_queue_goes_before_the_rest_of_a_long_one(bench: Bench) -> None:
    """An account with little work waits for the runs under way, but not for another account's queue."""
    performed: list[str] = []

    def perform(run: Run) -> Done:
        time.sleep(0.005)
        performed.append(run.account)
        return Done(message=as_said("ok"))

    ask_many(bench.database, "many", 300)
    engine = bench.start(perform, threads=2)
    wait_until(lambda: len(performed) > 20)
    ask_many(bench.database, "few", 5)
    before = len(performed)
    engine.wake()

    wait_until(lambda: performed.count("few") == 5)
    assert performed.index("few") - before < 60
    assert max(n for n, account in enumerate(performed) if account == "few") - before < 80


def ask_many(database: Database, account: str, count: int) -> None:
    with database.begin() as connection:
        now = database.now(connection)
        for n in range(count):
            subject = Subject(kind="event", id=f"{account}-{n}")
            submit(connection, Request(job="create_webinars", subject=subject, account=account), now)


@pytest.mark.parametrize(("database_kind", "engine_kind"), ENGINES[:1])
def test_engine_performs_one_run_at_a_time_while_something_is_urgent(bench: Bench) -> None:
    watching = Watching(seconds=0.01)
    for n in range(4):
        ask(bench.database, f"event-{n}")

    bench.start(watching, hooks=EngineHooks(pause_s=lambda: 0.01))
    wait_until(lambda: all_in("done", bench.database))

    assert (watching.most, len(watching.performed)) == (1, 4)


@pytest.mark.parametrize(("database_kind", "engine_kind"), ENGINES[:1])
def test_engine_reads_runs_again_once_something_was_committed_or_time_has_passed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls, looks, clock = list[None](), list[None](), HeldClock(NOW)
    take = CommitMark.take
    monkeypatch.setattr(CommitMark, "take", lambda mark: polls.append(None) or take(mark))
    monkeypatch.setattr(bench.database, "clock", clock)
    hooks = EngineHooks(asks_for=lambda _connection, _now: looks.append(None) or ())
    bench.start(Watching(), waits=EngineWaits(poll_s=0.01, heartbeat_s=60, stop_s=5), hooks=hooks)

    def looks_in(count: int) -> int:
        seen, until = len(looks), len(polls) + count
        wait_until(lambda: len(polls) >= until)
        return len(looks) - seen

    wait_until(lambda: looks_in(5) == 0)
    at_rest = looks_in(30)
    run_id = ask(bench.database)  # as another process does, which wakes nobody
    wait_until(lambda: runs(bench.database)[run_id].state == "done")
    wait_until(lambda: looks_in(5) == 0)
    seen = len(looks)
    clock.sleep(10)
    wait_until(lambda: len(looks) > seen)

    assert at_rest == 0
