"""The clock of the machine is moved by an hour while the daemon works, and again while it is stopped.

libfaketime stands between the processes and the machine's clock. The monotonic clock does not change. Its daemons and
commands take ten seconds of processor time, so all of it runs with --long. In each run
tests/integration/engine/test_heartbeat.py puts back the clock of an engine.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.storage import (
    CREATE,
    assert_once,
    count_of,
    hold_all,
    import_more,
    use_hosts,
    wait_published,
    wait_seated,
)
from tests.root import ROOT
from tests.setup.machine import find_faketime
from tests.waiting import wait_until

pytestmark = pytest.mark.long
HOUR_S = 3600
COUNT_TURNS = '''"""Count its turns."""

from datetime import timedelta

from zoom_ops.engine.runs import Subject
from zoom_ops.job_api import Work, job


def always(_connection, _job, _now):
    """Have a turn each time."""
    return ((Subject(kind="event", id="tides-turn"), ""),)


@job(every=timedelta(seconds=1), turn=always)
def count_turns(work: Work) -> str:
    """Say that it was performed."""
    return "Counted."
'''


class Hands:
    """The clock that the processes of an installation see."""

    def __init__(self, installation: Installation, library: Path) -> None:
        self._file = installation.folder / "clock"
        self.put(0)
        installation.environ |= {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def put(self, seconds: int) -> None:
        """Set the clock to this offset from the machine's clock, at once."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}", "utf-8")
        new.replace(self._file)


@pytest.fixture
def hands(installation: Installation, request: pytest.FixtureRequest) -> Hands:
    library = find_faketime()
    if library is None:
        assert not request.config.getoption("--complete"), "libfaketime is not installed; `make test` installs it"
        pytest.skip("libfaketime is not installed; `make test` installs it")
    return Hands(installation, library)


@pytest.fixture
def working(installation: Installation, hands: Hands) -> Installation:
    """An installation with an additional job that has a turn each second."""
    shutil.copytree(ROOT / "jobs", installation.folder / "jobs")
    installation.write("jobs/count_turns.py", COUNT_TURNS)
    use_hosts(installation)
    return installation


BACK, FORTH = -HOUR_S, HOUR_S


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("by", [BACK, FORTH])
def test_clock_that_is_moved_holds_nothing_up(working: Installation, hands: Hands, by: int) -> None:
    """A create has lost its answer and is due to be looked up in a second: not in an hour, and not twice."""
    with working.daemon(program=True) as daemon:
        events = import_more(working, 1)
        wait_seated(working, daemon, events)
        working.zoom.fault(CREATE, "drop_response", after_commit=True)
        events += import_more(working, 1)
        wait_until(lambda: count_of(working, CREATE) == 2, lambda: daemon.log)

        hands.put(by)
        wait_seated(working, daemon, events)
        hold_all(working)
        wait_published(working, daemon, events)
        wait_turns(daemon)
        daemon.wait_ready()
        daemon.stop()

    assert_noticed(working, daemon, by)
    assert_once(working, events)


@pytest.mark.parametrize("by", [BACK, FORTH])
def test_clock_that_was_moved_between_two_starts_holds_nothing_up(working: Installation, hands: Hands, by: int) -> None:
    """The daemon was killed in the middle of its work."""
    with working.daemon(program=True) as daemon:
        events = import_more(working, 1)
        wait_seated(working, daemon, events)
        working.zoom.fault(CREATE, "drop_response", after_commit=True)
        events += import_more(working, 1)
        wait_until(lambda: count_of(working, CREATE) == 2, lambda: daemon.log)
        daemon.kill()

    hands.put(by)
    with working.daemon(program=True) as daemon:
        events += import_more(working, 1, program=True)
        wait_seated(working, daemon, events)
        hold_all(working)
        wait_published(working, daemon, events)
        wait_turns(daemon)
        daemon.stop()

    assert_noticed(working, daemon, by)
    assert_once(working, events)


def assert_noticed(installation: Installation, daemon: Daemon, by: int) -> None:
    """Check the corrections in the log. A daemon on PostgreSQL has none: it uses the clock of PostgreSQL."""
    corrections = [line["seconds"] for line in daemon.lines("clock_put_back")]
    assert len(corrections) == (installation.kind == "sqlite" and by < 0)
    assert all(HOUR_S - 60 < seconds <= HOUR_S for seconds in corrections)


def wait_turns(daemon: Daemon) -> None:
    """Wait until a job had two more turns."""
    before = len(turns(daemon))
    wait_until(lambda: len(turns(daemon)) >= before + 2, lambda: daemon.log)


def turns(daemon: Daemon) -> list[Any]:
    return [line for line in daemon.lines("run_done") if line["job"] == "count_turns"]
