"""Many processes on one PostgreSQL: what one of them does not finish, another does, and nothing is done twice.

Counted at the practice Zoom, never in our own database.
"""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
import requests

from tests.acceptance.conftest import TellCounts
from tests.acceptance.daemon import count_met
from tests.acceptance.installation import Installation, free_port, install, wait_until
from tests.acceptance.nodes import Nodes, freeze, make_cluster, node, nodes, thaw
from tests.acceptance.programme import SPEAKERS, address_of, import_programme, invited, published, seated
from tests.acceptance.storage import use_hosts
from tests.bench.pace import measure_pace
from tests.setup.postgres import Cluster, find_programs, run_cluster

pytestmark = [pytest.mark.crash, pytest.mark.parametrize("database_kind", ["postgresql"])]
ADDRESSES = tuple(sorted(address_of(name) for name in SPEAKERS))
SEED = "20400131"


@pytest.fixture
def own_cluster(postgres: Cluster) -> Iterator[Cluster]:
    """A PostgreSQL of this test's own, which it may stop."""
    programs = find_programs()
    assert programs
    with run_cluster(programs) as cluster:
        yield cluster


def test_cluster_takes_an_event_from_the_record_to_its_recording(
    installation: Installation, tell_counts: TellCounts
) -> None:
    use_hosts(installation)
    with nodes(installation) as cluster:
        events = import_programme(installation, 12)
        work_through(cluster, events)
        performed = [len(worker.lines("run_done")) for worker in cluster.workers]
        cluster.stop()

    tell_counts(f"cluster of 3 workers: {len(events)} events, runs performed by each: {performed}")
    assert_once(installation, len(events))
    assert all(performed)


def test_workers_killed_at_random_lose_nothing_and_do_nothing_twice(
    installation: Installation, tell_counts: TellCounts
) -> None:
    storm(installation, tell_counts, events=20, kills=8)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_workers_killed_60_times_over_200_events_lose_nothing_and_do_nothing_twice(
    installation: Installation, tell_counts: TellCounts
) -> None:
    storm(installation, tell_counts, events=200, kills=60)


def test_worker_that_never_returns_is_taken_over_from(installation: Installation, tell_counts: TellCounts) -> None:
    use_hosts(installation)
    with nodes(installation) as cluster:
        gone = cluster.add(replace(cluster.faults, steps=("after send",), kinds=("CreateWebinar",)))
        events = import_programme(installation, 12)
        wait_until(lambda: count_met(cluster.faults.met), lambda: cluster.log)
        began = time.monotonic()
        gone.process.wait(timeout=10)
        cluster.workers.remove(gone)
        wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=60)
        taken = time.monotonic() - began
        work_through(cluster, events)
        cluster.stop()

    tell_counts(f"cluster: a worker killed in a create, for good: all {len(events)} events seated within a minute")
    assert taken < 60
    assert_once(installation, len(events))


def test_worker_frozen_and_thawed_does_nothing_twice(installation: Installation, tell_counts: TellCounts) -> None:
    use_hosts(installation)
    installation.set(IDLE_S="2")
    installation.zoom.fault("POST /users/*/webinars", "delay", seconds=0.5, times=None)
    with nodes(installation) as cluster:
        events = import_programme(installation, 12)
        wait_until(lambda: "POST /users/*/webinars" in installation.zoom.calls(), lambda: cluster.log)
        frozen = cluster.workers[0]
        freeze(frozen)
        wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=60)
        thaw(frozen)
        time.sleep(2)
        work_through(cluster, events)
        cluster.stop()

    tell_counts(f"cluster: a worker frozen, taken over from and thawed: {len(events)} events, each once")
    assert_once(installation, len(events))


def test_three_workers_keep_the_rate_limits_together(tmp_path: Path, migrated_database_url: str) -> None:
    pace = measure_pace(tmp_path / "place", migrated_database_url, events=30, hosts=5, patience_s=60, workers=3)

    assert pace.refused == 0
    assert pace.complete


def test_page_that_one_process_holds_hears_of_what_another_published(installation: Installation) -> None:
    use_hosts(installation)
    with nodes(installation, workers=1) as cluster:
        (event,) = import_programme(installation, 1)
        wait_until(lambda: all_seated(installation, 1), lambda: cluster.log)
        another = cluster.stack.enter_context(node(installation, replace(cluster.faults, only="web"), free_port()))
        another.wait_ready()
        heard = list[bytes]()
        with requests.get(f"{another.url}/events/{event}/stream", stream=True, timeout=60) as stream:
            Thread(target=lambda: heard.extend(stream.iter_lines(chunk_size=1)), daemon=True).start()
            wait_until(lambda: heard, lambda: another.log)
            before = len(heard)
            work_through(cluster, [event])
            wait_until(lambda: len(heard) > before, lambda: f"{heard}\n{another.log}")
            cluster.stop()
            another.stop()


@pytest.mark.parametrize("seconds", [2, pytest.param(10, marks=pytest.mark.long)])
def test_stop_of_postgresql_is_waited_out_by_all(
    own_cluster: Cluster, tmp_path: Path, seconds: float, tell_counts: TellCounts
) -> None:
    with install(tmp_path / "place", own_cluster.create("own")) as installation:
        use_hosts(installation)
        installation.zoom.fault("POST /users/*/webinars", "delay", seconds=0.3, times=None)
        with nodes(installation) as cluster:
            events = import_programme(installation, 12)
            wait_until(lambda: "POST /users/*/webinars" in installation.zoom.calls(), lambda: cluster.log)
            own_cluster.stop(signal.SIGQUIT)
            time.sleep(seconds)
            again = own_cluster.start_again()
            work_through(cluster, events)
            cluster.stop()
        assert_once(installation, len(events))
        again.stop()
    tell_counts(f"cluster: PostgreSQL stopped for {seconds} s: {len(events)} events, each once")


def test_who_works_alone_and_a_cluster_keep_each_other_out(installation: Installation) -> None:
    with nodes(installation, workers=1) as cluster:
        installation.set(ENGINE="embedded", LISTEN="127.0.0.1:0")
        alone = installation.run("serve", code=1)
        cluster.stop()

    assert "Another zoom_ops process does the work of this database already" in alone.said


def test_command_does_the_work_itself_while_no_process_of_the_cluster_runs(installation: Installation) -> None:
    make_cluster(installation)
    import_programme(installation, 2)

    installation.run("run", "create_webinars")

    assert len(installation.zoom.webinars()) == 2


def storm(installation: Installation, tell_counts: TellCounts, *, events: int, kills: int) -> None:
    """Kill one of three workers after the other, while Zoom is slow and loses answers, and count what came of it."""
    chance = random.Random(SEED)
    use_hosts(installation)
    for call in ("POST /users/*/webinars", "POST /webinars/*/panelists"):
        installation.zoom.fault(call, "drop_response", rate=0.2, times=None, after_commit=True)
        installation.zoom.fault(call, "delay", seconds=0.25, rate=0.8, times=None)
    with nodes(installation) as cluster:
        ids = import_programme(installation, events)
        for _ in range(kills):
            made, until = len(installation.zoom.calls()), time.monotonic() + 4
            wanted = made + chance.randint(2, max(3, 6 * events // kills))
            wait_until(
                lambda wanted=wanted, until=until: (  # type: ignore[misc]
                    len(installation.zoom.calls()) >= wanted or time.monotonic() > until
                ),
                lambda: cluster.log,
            )
            cluster.kill(chance.choice(cluster.workers))
        installation.zoom.mend()
        work_through(cluster, ids)
        cluster.stop()

    webinars = installation.zoom.webinars()
    tell_counts(
        f"cluster, random kills of 1 of 3 workers, seed {SEED}: {kills} kills, {len(webinars)} webinars for {events} "
        f"events, {sum(map(len, seated(webinars)))} seats"
    )
    assert_once(installation, events)


def work_through(cluster: Nodes, events: list[str]) -> None:
    """Wait until all are seated, hold all, and wait until each page shows its recording."""
    installation = cluster.installation
    wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=120)
    for webinar in installation.zoom.webinars():
        installation.zoom.hold(webinar["id"], processing_s=0.1)
    installation.zoom.control("POST", "/clock", {"advance_s": 7200})
    wait_until(
        lambda: all(len(published(cluster.web.url, event)) == 1 for event in events),
        lambda: cluster.log,
        patience_s=120,
    )


def all_seated(installation: Installation, events: int) -> bool:
    return seated(installation.zoom.webinars()) == [ADDRESSES] * events


def assert_once(installation: Installation, events: int) -> None:
    """Count at the practice Zoom: one webinar an event, one seat and one invitation an address."""
    webinars = installation.zoom.webinars()
    assert len(webinars) == len({webinar["topic"] for webinar in webinars}) == events
    assert seated(webinars) == [ADDRESSES] * events
    assert invited(webinars) == [Counter(ADDRESSES)] * events
