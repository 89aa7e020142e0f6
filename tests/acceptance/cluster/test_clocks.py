"""In a cluster whose machines' clocks differ, the database's clock decides which turn is due."""

import shutil
from contextlib import ExitStack
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from tests.acceptance.crashes.test_moved_clock import COUNT_TURNS, ROOT
from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.nodes import make_cluster
from tests.loopback import free_port
from tests.setup.machine import find_faketime
from tests.waiting import wait_until

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.parametrize("database_kind", ["postgresql"])]
TURNS = 8


@pytest.fixture
def faketime(request: pytest.FixtureRequest) -> Path:
    library = find_faketime()
    if library is None:
        assert not request.config.getoption("--complete"), "libfaketime is not installed; `make test` installs it"
        pytest.skip("libfaketime is not installed; `make test` installs it")
    return library


def test_processes_with_clocks_five_seconds_apart_take_each_turn_once(
    installation: Installation, faketime: Path
) -> None:
    shutil.copytree(ROOT / "jobs", installation.folder / "jobs")
    installation.write("jobs/count_turns.py", COUNT_TURNS)
    make_cluster(installation)
    with ExitStack() as stack:
        workers = [start_worker(stack, installation, faketime, seconds) for seconds in (0, 5, -5)]
        wait_until(lambda: len(turns(installation)) >= TURNS, lambda: "\n".join(worker.log for worker in workers))
        for worker in workers:
            worker.stop()
        taken = turns(installation)
        performed = sum(line["job"] == "count_turns" for worker in workers for line in worker.lines("run_done"))

    assert all(earlier < later for (earlier, _), (later, _) in pairwise(taken))
    assert all(at >= fire_time for fire_time, at in taken), "a clock that is ahead took a turn before its time"
    assert len(taken) // 2 <= performed <= len(taken)  # two turns close together can become one run


def start_worker(stack: ExitStack, installation: Installation, faketime: Path, seconds: int) -> Daemon:
    """Start a worker whose machine's clock is off by `seconds`."""
    installation.set(LISTEN=f"127.0.0.1:{free_port()}")
    installation.environ |= {
        "LD_PRELOAD": str(faketime), "FAKETIME": f"{seconds:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"
    }  # fmt: skip
    return stack.enter_context(installation.daemon("--only", "worker", program=True, ready=False))


def turns(installation: Installation) -> list[tuple[datetime, datetime]]:
    """List the turns that were taken, each with its time by the database's clock."""
    with psycopg.connect(installation.database_url) as connection:
        rows = connection.execute(
            "SELECT fire_time, at FROM tick WHERE schedule = 'count_turns' ORDER BY fire_time"
        ).fetchall()
    return [(row[0], row[1]) for row in rows]
