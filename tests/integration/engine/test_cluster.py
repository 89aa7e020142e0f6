"""Properties of the cluster engine alone: shared ticks, roles, takeover from dead workers, stepping aside."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import text

from tests.integration.engine.bench import BRISK, PATIENCE_S, Bench, Stuck, Watching, ask, engines, runs
from tests.root import ROOT
from tests.waiting import wait_until
from zoom_ops.app import connect
from zoom_ops.clock import SystemClock
from zoom_ops.engine import wakeups
from zoom_ops.engine.embedded import EmbeddedEngine
from zoom_ops.engine.heartbeat import has_stopped, latest_heartbeat
from zoom_ops.engine.lock import open_lock
from zoom_ops.engine.port import EngineHooks, check_engine, choose_engine
from zoom_ops.engine.queue import QUEUE_SCHEMA, count_workers, prepare_queue
from zoom_ops.engine.runs import Request, Subject
from zoom_ops.engine.timetable import Schedule
from zoom_ops.errors import ConfigurationError
from zoom_ops.settings import load_settings
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import make_key

pytestmark = pytest.mark.both_databases


@pytest.fixture
def bench(database: Database) -> Iterator[Bench]:
    """A bench for engines of a cluster."""
    with engines(database, "cluster") as bench:
        yield bench


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_turn_is_taken_once_by_all_processes_of_a_cluster(bench: Bench) -> None:
    watching = Watching()
    schedule = Schedule(
        name="sweep",
        when=timedelta(seconds=1),
        requests=lambda _connection, now: [Request(job="sweep", subject=Subject(kind="host", id=now.isoformat()))],
    )

    for _ in range(3):
        bench.start(watching, schedules=[schedule])
    wait_until(lambda: len(watching.performed) >= 4)

    with bench.database.read() as connection:
        turns, performed = connection.execute(
            text("SELECT (SELECT count(*) FROM tick WHERE schedule = 'sweep'), (SELECT count(*) FROM run)")
        ).one()
    assert turns == performed


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_scheduler_takes_turns_and_performs_nothing(bench: Bench) -> None:
    watching = Watching()
    schedule = Schedule(
        name="sweep",
        when=timedelta(seconds=1),
        requests=lambda _connection, _now: [Request(job="sweep", subject=Subject(kind="host", id="a@example.org"))],
    )

    bench.start(watching, schedules=[schedule], performs=False)
    wait_until(lambda: bool(runs(bench.database)))
    time.sleep(0.3)

    assert watching.performed == []


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_what_a_dead_worker_held_is_taken_over(bench: Bench) -> None:
    """As if a process had vanished during its delivery: its heartbeat is old, and its run is still due."""
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

    wait_until(lambda: runs(bench.database)[run_id].state == "done")
    assert runs(bench.database)[run_id].fence == fence + 2  # once against who held it, once for the new attempt


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_process_that_steps_aside_takes_nothing_and_finishes_what_it_has(bench: Bench) -> None:
    stuck, watching, under_way_is_enough, stepped_aside = Stuck(), Watching(), threading.Event(), threading.Event()

    def steps_aside() -> bool:
        if under_way_is_enough.is_set():
            stepped_aside.set()
        return under_way_is_enough.is_set()

    bench.start(stuck, hooks=EngineHooks(steps_aside=steps_aside))
    under_way = ask(bench.database, "under-way")
    assert stuck.begun.wait(PATIENCE_S)

    under_way_is_enough.set()
    assert stepped_aside.wait(PATIENCE_S)  # a look that had begun is over
    later = ask(bench.database, "later")
    time.sleep(0.5)
    waiting = runs(bench.database)[later].state
    bench.start(watching)
    wait_until(lambda: runs(bench.database)[later].state == "done")
    stuck.release.set()

    assert waiting == "active"
    wait_until(lambda: runs(bench.database)[under_way].state == "done")
    assert watching.performed == ["create_webinars later"]


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_process_that_goes_last_takes_only_what_nobody_else_takes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run at a time, as in a quiet hour. Otherwise the process that queues the run would take it first."""
    monkeypatch.setattr(wakeups, "COURTESY_S", 0.2)
    last, other = Watching(), Watching()
    bench.start(last, hooks=EngineHooks(goes_last=lambda: True))
    alone = ask(bench.database, "alone")
    wait_until(lambda: runs(bench.database)[alone].state == "done")

    monkeypatch.setattr(wakeups, "COURTESY_S", 30.0)  # on a busy machine the other process may be late
    time.sleep(0.6)  # a short wait that had begun is over
    bench.start(other)
    for number in range(10):
        run_id = ask(bench.database, f"tides-{number}")
        wait_until(lambda run_id=run_id: runs(bench.database)[run_id].state == "done")

    assert last.performed == ["create_webinars alone"]
    assert len(other.performed) == 10


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_process_that_stops_amid_its_work_says_good_bye_to_the_queue(bench: Bench) -> None:
    """A daemon stops in this order: no new runs, then the pages, then the end of the runs under way."""
    stuck = Stuck()
    engine = bench.start(stuck)
    run_id = ask(bench.database)
    assert stuck.begun.wait(PATIENCE_S)

    engine.take_no_more()
    threading.Timer(0.5, stuck.release.set).start()
    finished = engine.stop()

    with bench.database.read() as connection:
        left = [
            connection.execute(text(f"SELECT count(*) FROM zoom_ops_queue.procrastinate_{what}")).scalar_one()
            for what in ("workers", "jobs")
        ]
    assert (finished, left, runs(bench.database)[run_id].state) == (True, [0, 0], "done")


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_process_that_stops_leaves_the_sign_of_life_of_the_others(bench: Bench) -> None:
    def stopped() -> bool:
        with bench.database.read() as connection:
            return has_stopped(connection)

    def workers() -> int:
        with bench.database.read() as connection:
            return count_workers(connection)

    first = bench.start(Watching())
    wait_until(lambda: workers() > 0)
    alone = workers()
    second = bench.start(Watching(), waits=replace(BRISK, heartbeat_s=50))  # no beat of its own hides a mistake
    wait_until(lambda: workers() > alone)

    first.stop()
    others_left = stopped()
    second.stop()

    assert (others_left, stopped()) == (False, True)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_who_performs_nothing_gives_no_sign_of_life(bench: Bench) -> None:
    bench.start(Watching(), performs=False)
    time.sleep(0.5)
    silent = latest_heartbeat(bench.database)

    bench.start(Watching())

    assert silent is None
    wait_until(lambda: latest_heartbeat(bench.database) is not None)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_sign_of_life_is_given_in_time_however_rarely_an_idle_process_looks(bench: Bench) -> None:
    bench.start(Watching(), waits=replace(BRISK, poll_s=60))
    wait_until(lambda: latest_heartbeat(bench.database) is not None)
    first = latest_heartbeat(bench.database)

    wait_until(lambda: latest_heartbeat(bench.database) != first)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_cluster_needs_postgresql(database: Database) -> None:
    with pytest.raises(ConfigurationError, match="ENGINE=cluster needs PostgreSQL"):
        check_engine("cluster", is_sqlite=database.is_sqlite)


def test_refused_cluster_leaves_no_file(tmp_path: Path) -> None:
    place = {"ZOOM_OPS_DATABASE_URL": f"sqlite:///{tmp_path}/own.db", "ZOOM_OPS_DATA_DIR": str(tmp_path / "var")}
    settings = load_settings(place | {"ZOOM_OPS_ENGINE": "cluster"}, ROOT)

    with pytest.raises(ConfigurationError, match="ENGINE=cluster needs PostgreSQL"):
        connect(settings, SystemClock())

    assert not (tmp_path / "own.db").exists()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_cluster_needs_its_extra(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoom_ops.engine.port.find_spec", lambda _name: None)

    with pytest.raises(ConfigurationError, match=r"pip install 'zoom_ops\[cluster\]'"):
        check_engine("cluster", is_sqlite=database.is_sqlite)

    assert choose_engine("auto", fit=True) == "embedded"


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_queue_of_another_version_is_left_alone_while_its_workers_live(database_url: str, tmp_path: Path) -> None:
    place = {"ZOOM_OPS_DATABASE_URL": database_url, "ZOOM_OPS_DATA_DIR": str(tmp_path / "var")}
    key = {"ZOOM_OPS_ENGINE": "cluster", "ZOOM_OPS_SECRET_KEY": make_key()}
    settings = load_settings(place | key, ROOT)
    database = open_database(database_url)
    prepare_queue(database)
    with database.begin() as connection:
        connection.execute(text(f"COMMENT ON SCHEMA {QUEUE_SCHEMA} IS 'of another version'"))
        connection.execute(text(f"INSERT INTO {QUEUE_SCHEMA}.procrastinate_workers DEFAULT VALUES"))

    with pytest.raises(ConfigurationError, match="another version of Procrastinate, and 1 of its workers are alive"):
        connect(settings, SystemClock())
    with database.read() as connection:
        upgraded = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one()
    with database.begin() as connection:
        died = "UPDATE {}.procrastinate_workers SET last_heartbeat = now() - interval '3 minutes'"
        connection.execute(text(died.format(QUEUE_SCHEMA)))
    connect(settings, SystemClock()).close()
    with database.read() as connection:
        left = connection.execute(text(f"SELECT count(*) FROM {QUEUE_SCHEMA}.procrastinate_workers")).scalar_one()
    database.close()

    assert upgraded is None  # refused before any change
    assert left == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_only_a_cluster_has_schedulers(database: Database) -> None:
    engine = EmbeddedEngine(database, open_lock(database), Watching(), BRISK)

    with pytest.raises(ConfigurationError, match="Only a cluster has schedulers"):
        engine.start(performs=False)


@pytest.mark.parametrize(("setting", "fit", "kind"), [
    ("auto", True, "cluster"), ("auto", False, "embedded"),
    ("embedded", True, "embedded"), ("cluster", False, "cluster"),
])  # fmt: skip
def test_engine_is_chosen(setting: Literal["auto", "embedded", "cluster"], fit: bool, kind: str) -> None:
    assert choose_engine(setting, fit=fit) == kind
