"""Many processes on one PostgreSQL: another process finishes the work of a failed one, and nothing happens twice.

The results are counted at the practice Zoom, never in our own database.
"""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from urllib.parse import SplitResult, urlsplit

import pytest
import requests

from tests.acceptance.conftest import TellCounts
from tests.acceptance.crashes.test_kills import open_runs, topics, wait_for_more
from tests.acceptance.daemon import Faults, count_met
from tests.acceptance.installation import Installation, install
from tests.acceptance.machines import can_be_had, machine
from tests.acceptance.nodes import Nodes, make_cluster, node, nodes, thaw
from tests.acceptance.programme import SPEAKERS, address_of, import_programme, invited, published, seated
from tests.acceptance.relay import Relay, relayed
from tests.acceptance.storage import use_hosts
from tests.bench.pace import Pace, measure_pace
from tests.loopback import free_port
from tests.setup.postgres import Cluster
from tests.setup.spares import Spares
from tests.waiting import wait_until

pytestmark = [pytest.mark.crash, pytest.mark.parametrize("database_kind", ["postgresql"])]
ADDRESSES = tuple(sorted(address_of(name) for name in SPEAKERS))
SEED = "20400131"


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


@pytest.mark.long  # 15 s of processor; test_crash_matrix.py kills on PostgreSQL each time, test_kills.py at random
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


@pytest.mark.long
def test_worker_that_never_returns_is_taken_over_from(installation: Installation, tell_counts: TellCounts) -> None:
    use_hosts(installation)
    with nodes(installation, workers=0) as cluster:
        killed = cluster.add(replace(cluster.faults, steps=("after send",), kinds=("CreateWebinar",)))
        events = import_programme(installation, 12)
        wait_until(lambda: count_met(cluster.faults.met), lambda: cluster.log)
        killed.process.wait(timeout=60)
        cluster.workers.remove(killed)
        for _ in range(3):
            cluster.add()
        wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=60)
        work_through(cluster, events)
        cluster.stop()

    tell_counts(f"cluster: a worker killed in a create, for good: all {len(events)} events seated")
    assert_once(installation, len(events))


@pytest.mark.long
def test_worker_frozen_and_thawed_does_nothing_twice(installation: Installation, tell_counts: TellCounts) -> None:
    """The worker is frozen right before it sends: it believes that it holds the effect and its fence.

    In each run tests/acceptance/crashes/test_frozen.py freezes a daemon there, with the same fence.
    """
    use_hosts(installation)
    installation.set(IDLE_S="2")
    with nodes(installation, workers=0) as cluster:
        frozen = cluster.add(
            replace(cluster.faults, steps=("before send",), kinds=("CreateWebinar",), signal=signal.SIGSTOP)
        )
        events = import_programme(installation, 12)
        wait_until(lambda: count_met(cluster.faults.met), lambda: cluster.log)
        for _ in range(2):
            cluster.add()
        wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=60)
        thaw(frozen)
        wait_until(lambda: frozen.lines("run_fenced"), lambda: frozen.log)
        time.sleep(1)  # for anything else that it may still do
        work_through(cluster, events)
        cluster.stop()

    tell_counts(f"cluster: a worker frozen, taken over from and thawed: {len(events)} events, each once")
    assert_once(installation, len(events))


@pytest.mark.long
def test_three_workers_keep_the_rate_limits_together(tmp_path: Path, spares: Spares, tell_counts: TellCounts) -> None:
    """Count at the practice Zoom. If the machine is too busy to send or to count in time, try twice more."""
    tries = list[Pace]()
    while not any(attempt.kept for attempt in tries):
        assert len(tries) < 3, tries
        with spares.lend() as url:
            place = tmp_path / str(len(tries))
            tries.append(measure_pace(place, url, events=30, hosts=5, patience_s=60, workers=3))
        assert tries[-1].complete

    tell_counts(f"cluster of 3 workers: most calls within a second, in try {len(tries)}: {tries[-1].busiest}")


def test_page_that_one_process_holds_hears_of_what_another_published(installation: Installation) -> None:
    use_hosts(installation)
    with nodes(installation, workers=1) as cluster:
        (event,) = import_programme(installation, 1)
        wait_until(lambda: all_seated(installation, 1), lambda: cluster.log)
        another = cluster.stack.enter_context(node(installation, replace(cluster.faults, only="web"), free_port()))
        another.wait_ready()
        received = list[bytes]()
        with requests.get(f"{another.url}/events/{event}/stream", stream=True, timeout=60) as stream:
            Thread(target=lambda: received.extend(stream.iter_lines(chunk_size=1)), daemon=True).start()
            wait_until(lambda: received, lambda: another.log)
            before = len(received)
            work_through(cluster, [event])
            wait_until(lambda: len(received) > before, lambda: f"{received}\n{another.log}")
            cluster.stop()
            another.stop()


@pytest.mark.long
@pytest.mark.parametrize("seconds", [2, 10])
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


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("what", ["database", "zoom"])
def test_worker_whose_wire_is_cut_in_silence_is_taken_over_from(
    installation: Installation, what: str, tell_counts: TellCounts
) -> None:
    """No connection is closed and nothing is refused: the bytes are lost."""
    use_hosts(installation)
    # long enough for 24 concurrent creates on a busy machine
    installation.set(IDLE_S="5", DEADLINE_S="4")
    installation.zoom.fault("POST /users/*/webinars", "delay", seconds=0.3, times=None)
    with nodes(installation, workers=2) as cluster, wire_to(installation, what) as relay:
        behind = cluster.add()
        speak_to(installation, installation.database_url, installation.zoom.url)
        events = import_programme(installation, 24)
        wait_until(lambda: "run_done" in behind.log, lambda: cluster.log)
        relay.cut()
        wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=90)
        work_through(cluster, events)
        # the worker reports that it gets no answer, or it hangs and ends itself
        reports = ("engine_waits", "engine_hangs") if what == "database" else ("zoom_out_of_reach",)
        wait_until(lambda: any(behind.lines(event) for event in reports), lambda: behind.log, patience_s=60)
        stopped = [line for line in cluster.log.splitlines() if "is stopped for a while" in line]
        assert not stopped, "one that cannot ask must not keep the others from it"
        if what == "zoom":
            relay.mend()
            for other in [worker for worker in cluster.workers if worker is not behind]:
                cluster.kill(other, replaced=False)
            events = import_programme(installation, 36)
            wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=90)
        else:
            cluster.workers.remove(behind)
        cluster.stop()

    tell_counts(f"cluster: one of 3 workers cut off from {what} in silence: {len(events)} events, each once")
    assert_once(installation, len(events))


@pytest.mark.long
@pytest.mark.skipif(not can_be_had(), reason="a machine of its own needs root and iproute2")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("what", ["database", "zoom"])
def test_worker_whose_network_is_pulled_is_taken_over_from_and_comes_back(
    installation: Installation, what: str, tell_counts: TellCounts
) -> None:
    """The worker's connections stay half open: nobody acknowledges what it sends."""
    use_hosts(installation)
    installation.set(IDLE_S="2", HEARTBEAT_S="2")
    installation.zoom.fault("POST /users/*/webinars", "delay", seconds=0.3, times=None)
    urls = [urlsplit(url) for url in (installation.database_url, installation.zoom.url)]
    with (
        nodes(installation, workers=2) as cluster,
        machine(*((url.hostname or "", url.port or 5432) for url in urls)) as (name, wires),
    ):
        far = (wire_url(url, wire.address, wire.port) for url, wire in zip(urls, wires, strict=True))
        with spoken_to(installation, *far):
            apart = cluster.add(replace(cluster.faults, machine=name))
        events = import_programme(installation, 24)
        wait_until(lambda: "run_done" in apart.log, lambda: cluster.log)
        wire = wires[what == "zoom"]
        wire.pull()
        began = time.monotonic()
        wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=90)
        taken_over = time.monotonic() - began
        time.sleep(max(0.0, 25 - taken_over))  # until TCP gives up
        wire.plug_in()
        if what == "database":
            wait_until(lambda: apart.lines("engine_goes_on"), lambda: apart.log, patience_s=60)
        work_through(cluster, events)
        for other in [worker for worker in cluster.workers if worker is not apart]:
            cluster.kill(other, replaced=False)  # a worker that got no answer of late leaves each run to the others
        before = len(apart.lines("run_done"))
        installation.run("run", "create_webinars", "--event", events[0])
        wait_until(lambda: len(apart.lines("run_done")) > before, lambda: apart.log, patience_s=60)
        cluster.stop()

    tell_counts(
        f"cluster: the network of one of 3 workers pulled from {what}, and plugged in again: {len(events)} events, "
        f"each once, seated without it after {taken_over:.0f} s"
    )
    assert_once(installation, len(events))


@contextmanager
def wire_to(installation: Installation, what: str) -> Iterator[Relay]:
    """Connect the next process to the database, or to Zoom, by a relay that can be cut."""
    database, zoom = installation.database_url, installation.zoom.url
    url = urlsplit(database if what == "database" else zoom)
    with relayed(url.hostname or "", url.port or 5432) as relay:
        by_wire = wire_url(url, "127.0.0.1", relay.port)
        with spoken_to(installation, *((by_wire, zoom) if what == "database" else (database, by_wire))):
            yield relay


@contextmanager
def spoken_to(installation: Installation, database: str, zoom: str) -> Iterator[None]:
    """Connect the processes that are started in the block to the database and Zoom at these addresses."""
    speak_to(installation, database, zoom)
    yield
    speak_to(installation, installation.database_url, installation.zoom.url)


def speak_to(installation: Installation, database: str, zoom: str) -> None:
    """Connect further processes to the database and Zoom at these addresses."""
    installation.set(DATABASE_URL=database)
    installation.set_account(API_URL=f"{zoom}/v2", OAUTH_URL=f"{zoom}/oauth/token")


def wire_url(url: SplitResult, address: str, port: int) -> str:
    """Return a server's URL with the address and port of the relay."""
    return url._replace(netloc=f"{url.username or ''}{'@' if url.username else ''}{address}:{port}").geturl()


@pytest.mark.long
def test_without_effects_killed_workers_make_duplicates(installation: Installation, tell_counts: TellCounts) -> None:
    """The negative control: without duplicates here, the kills would prove nothing."""
    use_hosts(installation)
    with nodes(installation, faults=Faults(met=installation.folder / "met", careless=True)) as cluster:
        installation.zoom.fault("POST /users/*/webinars", "delay", seconds=1, times=None)
        events = import_programme(installation, 20)
        for _round in range(3):
            wait_for_more(lambda: sum(topics(installation).values()), random.Random(SEED), 2)
            workers = list(cluster.workers)
            for worker in workers:  # one of them waits for the answer
                cluster.kill(worker, replaced=False)
            for _ in workers:
                cluster.add()
        wait_until(lambda: len(topics(installation)) == len(events), lambda: cluster.log, patience_s=120)
        wait_until(lambda: not open_runs(installation), lambda: cluster.log, patience_s=60)
        cluster.stop()

    twice = sum(topics(installation).values()) - len(events)
    tell_counts(f"cluster, negative control: 9 kills, {len(events)} events without effects: {twice} duplicates")
    assert twice > 0


def test_who_works_alone_and_a_cluster_keep_each_other_out(installation: Installation) -> None:
    with nodes(installation, workers=1) as cluster:
        installation.set(ENGINE="embedded", LISTEN="127.0.0.1:0")
        alone = installation.run("serve", code=1)
        cluster.stop()

    assert "Another zoom_ops process does the work of this database already" in alone.said


def test_command_waits_for_nobody_where_none_performs(installation: Installation) -> None:
    make_cluster(installation)
    faults = Faults(met=installation.folder / "met", only="scheduler")
    with node(installation, faults, installation.port) as scheduler:
        wait_until(lambda: scheduler.lines("daemon_started"), lambda: scheduler.log)
        import_programme(installation, 1)
        ended = installation.run("run", "create_webinars", code=5)
        ready = scheduler.fetch("/ready")
        scheduler.stop()

    assert "No process has performed anything lately" in ended.said
    assert ready.status_code == 503


def test_command_does_the_work_itself_while_no_process_of_the_cluster_runs(installation: Installation) -> None:
    make_cluster(installation)
    import_programme(installation, 2)

    installation.run("run", "create_webinars")

    assert len(installation.zoom.webinars()) == 2


def storm(installation: Installation, tell_counts: TellCounts, *, events: int, kills: int) -> None:
    """Kill one of three workers after the other, while Zoom is slow and loses answers; then count the results."""
    chance = random.Random(SEED)
    use_hosts(installation)
    for call in ("POST /users/*/webinars", "POST /webinars/*/panelists"):
        installation.zoom.fault(call, "drop_response", rate=0.2, times=None, after_commit=True)
        installation.zoom.fault(call, "delay", seconds=0.25, rate=0.8, times=None)
    with nodes(installation) as cluster:
        ids = import_programme(installation, events)
        kill_at_random(cluster, chance, kills=kills, events=events)
        installation.zoom.mend()
        work_through(cluster, ids)
        cluster.stop()

    webinars = installation.zoom.webinars()
    tell_counts(
        f"cluster, random kills of 1 of 3 workers, seed {SEED}: {kills} kills, {len(webinars)} webinars for {events} "
        f"events, {sum(map(len, seated(webinars)))} seats"
    )
    assert_once(installation, events)


def kill_at_random(cluster: Nodes, chance: random.Random, *, kills: int, events: int) -> None:
    """Kill one worker after the other, each after some more calls to Zoom, and start another in its place."""
    for _ in range(kills):
        wait_for_more(lambda: len(cluster.installation.zoom.calls()), chance, 6 * events // kills)
        cluster.kill(chance.choice(cluster.workers))


def work_through(cluster: Nodes, events: list[str]) -> None:
    """Wait until all panelists are seated, hold all webinars, and wait until each page shows its recording."""
    installation = cluster.installation
    wait_until(lambda: all_seated(installation, len(events)), lambda: cluster.log, patience_s=120)
    hold_all(installation)
    wait_until(
        lambda: all(len(published(cluster.web.url, event)) == 1 for event in events),
        lambda: cluster.log,
        patience_s=120,
    )


def hold_all(installation: Installation) -> None:
    """Hold all webinars and advance Zoom's clock until they are over."""
    for webinar in installation.zoom.webinars():
        installation.zoom.hold(webinar["id"], processing_s=0.1)
    installation.zoom.control("POST", "/clock", {"advance_s": 7200})


def all_seated(installation: Installation, events: int) -> bool:
    return seated(installation.zoom.webinars()) == [ADDRESSES] * events


def assert_once(installation: Installation, events: int) -> None:
    """Count at the practice Zoom: one webinar an event, one seat and one invitation an address."""
    webinars = installation.zoom.webinars()
    assert len(webinars) == len({webinar["topic"] for webinar in webinars}) == events
    assert seated(webinars) == [ADDRESSES] * events
    assert invited(webinars) == [Counter(ADDRESSES)] * events
