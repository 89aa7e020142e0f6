"""Both engines, one suite: real threads on a real database, and for the cluster a real queue."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
from sqlalchemy import Connection, text
from structlog.testing import capture_logs

from zoom_ops.engine.cluster import ClusterEngine
from zoom_ops.engine.embedded import EmbeddedEngine
from zoom_ops.engine.heartbeat import latest_heartbeat
from zoom_ops.engine.listing import list_runs
from zoom_ops.engine.lock import AdvisoryLock, WorkLock, open_lock
from zoom_ops.engine.opening import choose_engine, open_engines
from zoom_ops.engine.port import Engine, EngineWaits, Wishes
from zoom_ops.engine.queue import prepare_queue
from zoom_ops.engine.runs import Done, Request, Run, Subject, SubjectKind, submit
from zoom_ops.engine.schedule import Schedule, fire, latest_fire
from zoom_ops.errors import ConfigurationError, TemporaryError
from zoom_ops.store import connect
from zoom_ops.store.connect import Database, open_database

BRISK = EngineWaits(poll_s=0.02, heartbeat_s=0.05, waiting_s=900, stop_s=5)
PATIENCE_S = 15.0

_STUCK_PROCESS = """
import sys, threading
from pathlib import Path
from zoom_ops.engine.embedded import EmbeddedEngine
from zoom_ops.engine.port import EngineWaits
from zoom_ops.engine.lock import open_lock
from zoom_ops.store.connect import open_database

begun = threading.Event()
def perform(run):
    begun.set()
    threading.Event().wait(60)

database = open_database(sys.argv[1])
engine = EmbeddedEngine(database, open_lock(database), perform, EngineWaits(poll_s=0.02, stop_s=0.2))
engine.start()
begun.wait(15)
print(engine.stop())
"""


ENGINES = (("sqlite", "embedded"), ("postgresql", "embedded"), ("postgresql", "cluster"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of an engine with each engine, on each database that it can use."""
    chosen = {name for mark in metafunc.definition.iter_markers("parametrize") for name in mark.args[0]}
    if "engine_kind" in metafunc.fixturenames and "engine_kind" not in chosen:
        metafunc.parametrize(("database_kind", "engine_kind"), ENGINES)


class Starts(Protocol):
    """Builds an engine and starts it."""

    def __call__(
        self,
        perform: Callable[[Run], Done],
        *,
        waits: EngineWaits = BRISK,
        schedules: Iterable[Schedule] = (),
        performs: bool = True,
        **options: Any,
    ) -> Engine:
        """Start it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A database with a way to start engines on it; all are stopped at the end."""

    database: Database
    start: Starts
    lock: WorkLock


@pytest.fixture
def bench(database: Database, engine_kind: str) -> Iterator[Bench]:
    started: list[Engine] = []
    lock = open_lock(database) if engine_kind == "embedded" else AdvisoryLock(database, shared=True)
    kind = EmbeddedEngine if engine_kind == "embedded" else ClusterEngine
    if engine_kind == "cluster":
        prepare_queue(database)

    def start(
        perform: Callable[[Run], Done],
        *,
        waits: EngineWaits = BRISK,
        schedules: Iterable[Schedule] = (),
        performs: bool = True,
        **options: Any,
    ) -> Engine:
        engine = kind(database, lock, perform, waits, **options)
        started.append(engine)
        engine.start(schedules, performs=performs)
        return engine

    yield Bench(database=database, start=start, lock=lock)  # the process holds the lock, not the engine
    for engine in started:
        engine.stop()
    lock.release()


class Watching:
    """Performs runs and notes how many are under way at once, in all and of one subject."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self.most, self.most_of_a_subject = 0, 0
        self.performed: list[str] = []

    def __call__(self, run: Run) -> Done:
        with self._lock:
            self._under_way[run.subject.id] += 1
            self.most = max(self.most, self._under_way.total())
            self.most_of_a_subject = max(self.most_of_a_subject, *self._under_way.values())
        time.sleep(self._seconds)
        with self._lock:
            self._under_way[run.subject.id] -= 1
            self.performed.append(f"{run.job} {run.subject.id}")
        return Done(sentence="ok")


class Stuck:
    """Performs a run that goes on until it is released."""

    def __init__(self) -> None:
        self.begun, self.release = threading.Event(), threading.Event()

    def __call__(self, run: Run) -> Done:
        self.begun.set()
        self.release.wait(PATIENCE_S)
        return Done(sentence="too late")


def ask(
    database: Database, subject: str = "tides", job: str = "create_webinars", kind: SubjectKind = "event", **by: float
) -> int:
    with database.begin() as connection:
        now = database.now(connection)
        return submit(
            connection, Request(job=job, subject=Subject(kind=kind, id=subject), at=now + timedelta(**by)), now
        )


def runs(database: Database) -> dict[int, Run]:
    with database.read() as connection:
        return {run.id: run for run in list_runs(connection, limit=500)}


def all_in(state: str, database: Database) -> bool:
    return {run.state for run in runs(database).values()} == {state}


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return met


def test_engine_performs_what_is_due_and_nothing_else(bench: Bench) -> None:
    due, later = ask(bench.database), ask(bench.database, subject="other", hours=1)

    bench.start(Watching())

    assert wait_for(lambda: runs(bench.database)[due].state == "done")
    assert runs(bench.database)[later].attempts == 0


def test_engine_never_performs_two_runs_of_one_subject_at_once(bench: Bench) -> None:
    watching = Watching(seconds=0.02)
    for subject in ("a", "b", "c", "d", "e"):
        for job in ("create_webinars", "register_panelists", "fetch_recordings", "publish_recordings"):
            ask(bench.database, subject, job)

    bench.start(watching, threads=8)

    assert wait_for(lambda: all_in("done", bench.database))
    assert len(watching.performed) == len(set(watching.performed)) == 20
    assert watching.most_of_a_subject == 1
    assert watching.most > 1


def test_engine_performs_no_more_at_once_than_it_has_threads(bench: Bench) -> None:
    watching = Watching(seconds=0.02)
    for n in range(12):
        ask(bench.database, f"event-{n}")

    bench.start(watching, threads=2)

    assert wait_for(lambda: all_in("done", bench.database))
    assert watching.most == 2


def test_subject_that_stands_apart_keeps_nobody_waiting(bench: Bench) -> None:
    release = threading.Event()
    performed: list[str] = []

    def perform(run: Run) -> Done:
        if run.subject.kind == "webhook":
            release.wait(PATIENCE_S)
        performed.append(run.subject.id)
        return Done(sentence="ok")

    slow = [ask(bench.database, f"slow-{n}", "tell_others", kind="webhook") for n in range(5)]
    for n in range(4):
        ask(bench.database, f"event-{n}")
    bench.start(perform, threads=1, wishes=Wishes(apart=("webhook",)))

    assert wait_for(lambda: len(performed) == 4)
    assert [runs(bench.database)[run_id].started is not None for run_id in slow] == [True] * 5
    release.set()
    assert wait_for(lambda: all_in("done", bench.database))


def test_subject_that_stands_apart_need_not_wait_for_a_thread(bench: Bench) -> None:
    stuck, told = Stuck(), threading.Event()

    def perform(run: Run) -> Done:
        return stuck(run) if run.subject.kind == "event" else Done(sentence=str(told.set()))

    ask(bench.database)
    bench.start(perform, threads=1, wishes=Wishes(apart=("webhook",)))
    stuck.begun.wait(PATIENCE_S)
    ask(bench.database, "quick", "tell_others", kind="webhook")

    assert told.wait(PATIENCE_S)
    stuck.release.set()


def test_engine_asks_at_each_look_what_else_is_wanted(bench: Bench) -> None:
    watching = Watching()
    wanted = [Request(job="tell_others", subject=Subject(kind="webhook", id="partner"))]

    bench.start(watching, wishes=Wishes(asks_for=lambda _connection, _now: [wanted.pop()] if wanted else []))

    assert wait_for(lambda: watching.performed == ["tell_others partner"])


def test_engine_is_woken_rather_than_waiting_for_its_next_look(bench: Bench) -> None:
    watching = Watching()
    engine = bench.start(watching, waits=EngineWaits(poll_s=60, heartbeat_s=60, stop_s=5))
    time.sleep(0.2)

    run_id = ask(bench.database)
    engine.wake()

    assert wait_for(lambda: runs(bench.database)[run_id].state == "done")


def test_engine_performs_what_follows_at_once(bench: Bench) -> None:
    def perform(run: Run) -> Done:
        number = int(run.job.partition("-")[2])
        following = Request(job=f"step-{number + 1}", subject=run.subject)
        return Done(sentence="ok", then=(following,) if number < 6 else ())

    ask(bench.database, job="step-1")
    bench.start(perform, waits=EngineWaits(poll_s=60, heartbeat_s=60, stop_s=5))

    assert wait_for(lambda: len(runs(bench.database)) == 6 and all_in("done", bench.database))


def test_engine_tells_when_a_run_has_finished(bench: Bench) -> None:
    finished = threading.Event()
    ask(bench.database)

    bench.start(Watching(), wishes=Wishes(on_finished=finished.set))

    assert finished.wait(PATIENCE_S)


def test_engine_takes_its_turns(bench: Bench) -> None:
    def requests(_connection: Connection, _now: datetime) -> Iterable[Request]:
        yield Request(job="sweep", subject=Subject(kind="host", id="webinars@example.org"))

    watching = Watching()
    schedule = Schedule(name="sweep", every=timedelta(seconds=1), requests=requests)

    bench.start(watching, waits=EngineWaits(poll_s=60, heartbeat_s=60, stop_s=5), schedules=[schedule])

    assert wait_for(lambda: len(watching.performed) >= 2)


def test_engine_tries_again_what_failed_for_a_while(bench: Bench) -> None:
    def perform(run: Run) -> Done:
        if run.attempts < 3:
            raise TemporaryError("Zoom is down.", retry_at=bench.database.clock.now())
        return Done(sentence="ok")

    run_id = ask(bench.database)
    bench.start(perform)

    assert wait_for(lambda: runs(bench.database)[run_id].state == "done")
    assert runs(bench.database)[run_id].attempts == 3


def test_engine_goes_on_after_a_run_that_broke(bench: Bench) -> None:
    def perform(run: Run) -> Done:
        if run.subject.id == "broken":
            raise ZeroDivisionError
        return Done(sentence="ok")

    broken, whole = ask(bench.database, "broken"), ask(bench.database, "whole")
    bench.start(perform, threads=1)

    assert wait_for(lambda: runs(bench.database)[whole].state == "done")
    assert runs(bench.database)[broken].state == "failed"


def test_engine_that_stops_finishes_what_is_under_way_and_begins_nothing(bench: Bench) -> None:
    watching = Watching(seconds=0.3)
    first = ask(bench.database)
    engine = bench.start(watching)
    wait_for(lambda: runs(bench.database)[first].started is not None)

    threading.Timer(0.1, lambda: ask(bench.database, "later")).start()
    finished = engine.stop()
    wait_for(lambda: len(runs(bench.database)) == 2)

    assert finished
    assert [run.state for run in runs(bench.database).values()] == ["active", "done"]
    assert watching.performed == ["create_webinars tides"]


def test_engine_that_cannot_finish_in_time_hands_back(bench: Bench) -> None:
    stuck = Stuck()
    run_id = ask(bench.database)
    engine = bench.start(stuck, waits=EngineWaits(poll_s=0.02, heartbeat_s=0.05, stop_s=0.3))
    stuck.begun.wait(PATIENCE_S)

    began = time.monotonic()
    finished = engine.stop()
    took = time.monotonic() - began
    handed_back = runs(bench.database)[run_id]
    bench.start(Watching())
    taken_over = wait_for(lambda: runs(bench.database)[run_id].state == "done")
    stuck.release.set()
    time.sleep(0.1)

    assert not finished
    assert took < 1
    assert handed_back.state == "active"
    assert taken_over
    assert runs(bench.database)[run_id].outcome == "ok"  # what comes too late is fenced off


def test_process_ends_though_a_run_does_not(database: Database, migrated_database_url: str) -> None:
    run_id = ask(database)

    process = subprocess.run(
        [sys.executable, "-c", _STUCK_PROCESS, migrated_database_url],
        cwd=Path(__file__).parents[2],
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

    wait_for(lambda: latest_heartbeat(bench.database) is not None)
    first = latest_heartbeat(bench.database)

    assert before is None
    assert first is not None
    assert wait_for(lambda: latest_heartbeat(bench.database) != first)


def test_engine_at_rest_does_nothing_while_another_process_has_the_lock(bench: Bench) -> None:
    other = open_lock(bench.database)
    other.acquire()
    run_id = ask(bench.database)

    bench.start(Watching())
    time.sleep(0.3)
    held_up = runs(bench.database)[run_id].attempts
    other.release()

    assert held_up == 0
    assert wait_for(lambda: runs(bench.database)[run_id].state == "done")


def test_engine_that_lost_its_lock_begins_nothing_between_two_heartbeats(bench: Bench) -> None:
    """It looks before it begins a run, however far away its next heartbeat is."""
    engine = bench.start(Watching(), waits=EngineWaits(poll_s=0.02, heartbeat_s=60, stop_s=5))
    wait_for(lambda: latest_heartbeat(bench.database) is not None)
    bench.lock.release()
    other = open_lock(bench.database)
    assert wait_for(other.acquire)

    run_id = ask(bench.database)
    said = wait_for(lambda: engine.trouble is not None)
    time.sleep(0.2)
    held_up = runs(bench.database)[run_id].attempts
    other.release()

    assert (said, held_up) == (True, 0)
    assert wait_for(lambda: runs(bench.database)[run_id].state == "done" and engine.trouble is None)


@pytest.mark.parametrize(("database_kind", "engine_kind"), ENGINES[1:])
def test_engine_survives_the_loss_of_every_connection(bench: Bench, migrated_database_url: str) -> None:
    first = ask(bench.database)
    bench.start(Watching())
    wait_for(lambda: runs(bench.database)[first].state == "done")

    administrator = open_database(migrated_database_url)
    with administrator.begin() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                 " WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )  # fmt: skip
    second = ask(administrator)
    administrator.close()

    assert wait_for(lambda: runs(bench.database)[second].state == "done")


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
    done = wait_for(lambda: runs(database)[run_id].state == "done")
    engine.stop()
    database.close()

    assert locked_out == 0
    assert done


def test_engine_that_catches_up_for_long_is_not_disturbed_by_its_heartbeat(bench: Bench) -> None:
    def ask_slowly(_connection: Connection, _now: datetime) -> tuple[Request, ...]:
        time.sleep(0.2)
        return ()

    day = timedelta(days=1)
    schedules = [Schedule(name=f"slow-{n}", every=day, requests=ask_slowly) for n in range(3)]
    for schedule in schedules:
        fire(bench.database, schedule, latest_fire(day, bench.database.clock.now()) - 2 * day)

    with capture_logs() as told:
        bench.start(Watching(), schedules=schedules)

    assert [line for line in told if line["event"] == "dispatcher_broke"] == []


def test_short_queue_goes_before_the_rest_of_a_long_one(bench: Bench) -> None:
    """An account that has little to do waits for what is under way, and not for what another account has queued."""
    performed: list[str] = []

    def perform(run: Run) -> Done:
        time.sleep(0.005)
        performed.append(run.account)
        return Done(sentence="ok")

    ask_many(bench.database, "many", 300)
    engine = bench.start(perform, threads=2)
    wait_for(lambda: len(performed) > 20)
    ask_many(bench.database, "few", 5)
    before = len(performed)
    engine.wake()

    assert wait_for(lambda: performed.count("few") == 5)
    assert performed.index("few") - before < 60
    assert max(n for n, account in enumerate(performed) if account == "few") - before < 80


def ask_many(database: Database, account: str, count: int) -> None:
    with database.begin() as connection:
        now = database.now(connection)
        for n in range(count):
            subject = Subject(kind="event", id=f"{account}-{n}")
            submit(connection, Request(job="create_webinars", subject=subject, account=account), now)


@pytest.mark.parametrize(("database_kind", "engine_kind"), [("postgresql", "cluster")])
def test_turn_is_taken_once_by_all_processes_of_a_cluster(bench: Bench) -> None:
    watching = Watching()
    schedule = Schedule(
        name="sweep",
        every=timedelta(seconds=1),
        requests=lambda _connection, now: [Request(job="sweep", subject=Subject(kind="host", id=now.isoformat()))],
    )

    for _ in range(3):
        bench.start(watching, schedules=[schedule])
    wait_for(lambda: len(watching.performed) >= 4)

    with bench.database.read() as connection:
        turns = connection.execute(text("SELECT count(*) FROM tick WHERE schedule = 'sweep'")).scalar_one()
    assert abs(len(runs(bench.database)) - turns) <= 1  # one may have come between the two looks


@pytest.mark.parametrize(("database_kind", "engine_kind"), [("postgresql", "cluster")])
def test_scheduler_takes_turns_and_performs_nothing(bench: Bench) -> None:
    watching = Watching()
    schedule = Schedule(
        name="sweep",
        every=timedelta(seconds=1),
        requests=lambda _connection, _now: [Request(job="sweep", subject=Subject(kind="host", id="a@example.org"))],
    )

    bench.start(watching, schedules=[schedule], performs=False)
    asked = wait_for(lambda: bool(runs(bench.database)))
    time.sleep(0.3)

    assert (asked, watching.performed) == (True, [])


@pytest.mark.parametrize(("database_kind", "engine_kind"), [("postgresql", "cluster")])
def test_what_a_dead_worker_held_is_taken_over(bench: Bench) -> None:
    """As if a process had vanished with its wake-up: its sign of life is old, and its run is still due."""
    run_id = ask(bench.database)
    with bench.database.begin() as connection:
        worker = connection.execute(
            text("INSERT INTO zoom_ops_queue.procrastinate_workers (last_heartbeat)"
                 " VALUES (now() - interval '1 hour') RETURNING id")
        ).scalar_one()  # fmt: skip
        connection.execute(
            text("INSERT INTO zoom_ops_queue.procrastinate_jobs"
                 " (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
                 " VALUES ('runs', 'deliver', 'event:tides', 'run:1', '{\"run_id\": 1}', 'doing', :worker)"),
            {"worker": worker},
        )  # fmt: skip
    fence = runs(bench.database)[run_id].fence

    bench.start(Watching())

    assert wait_for(lambda: runs(bench.database)[run_id].state == "done")
    assert runs(bench.database)[run_id].fence == fence + 2  # once against who held it, once for the new attempt


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_cluster_needs_postgresql(database: Database) -> None:
    with pytest.raises(ConfigurationError, match="ENGINE=cluster needs PostgreSQL"):
        open_engines("cluster", database, open_lock(database), Watching(), BRISK, Wishes())


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_cluster_needs_its_extra(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoom_ops.engine.opening.find_spec", lambda _name: None)

    with pytest.raises(ConfigurationError, match=r"pip install 'zoom_ops\[cluster\]'"):
        open_engines("cluster", database, open_lock(database), Watching(), BRISK, Wishes())

    assert choose_engine("auto", fit=True) == "embedded"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_only_a_cluster_has_schedulers(database: Database) -> None:
    engine = EmbeddedEngine(database, open_lock(database), Watching(), BRISK)

    with pytest.raises(ConfigurationError, match="Only a cluster has schedulers"):
        engine.start(performs=False)


@pytest.mark.parametrize(("wanted", "fit", "kind"), [
    ("auto", True, "cluster"), ("auto", False, "embedded"),
    ("embedded", True, "embedded"), ("cluster", False, "cluster"),
])  # fmt: skip
def test_engine_is_chosen(wanted: Literal["auto", "embedded", "cluster"], fit: bool, kind: str) -> None:
    assert choose_engine(wanted, fit=fit) == kind
