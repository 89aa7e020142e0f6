"""The disk is full while events are imported, webinars are made and notifications arrive."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation, install
from tests.acceptance.storage import (
    CREATE,
    Disk,
    LimitedFiles,
    assert_once,
    count_of,
    finish_all_work,
    hold_all,
    import_more,
    is_alive,
    notify,
    small_disk,
    use_hosts,
    wait_seated,
    why_not_ready,
)
from tests.waiting import wait_until

FULL = ("database or disk is full", "disk I/O error")


@pytest.fixture(params=["a small disk", pytest.param("limited files", marks=pytest.mark.long)])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A small disk; where this machine does not allow mounts, files that cannot grow."""
    with small_disk(tmp_path / "disk") as mounted:
        yield LimitedFiles(tmp_path) if mounted is None or request.param == "limited files" else mounted


@pytest.fixture
def installation(disk: Disk, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation with its database on that disk."""
    url = f"sqlite:///{shutil.copy(migrated_sqlite, disk.folder / 'zoom_ops.db')}"
    with install(tmp_path / "place", url) as installation:
        use_hosts(installation)
        yield installation


def test_full_disk_is_waited_out_and_nothing_is_lost_or_done_twice(installation: Installation, disk: Disk) -> None:
    """The disk fills while webinars are made: some intents are not yet written, and some sent ones cannot be closed."""
    elsewhere, installation.outputs = installation.outputs, disk.folder  # the log is on that disk too
    with installation.daemon() as daemon:
        installation.outputs = elsewhere
        events = import_more(installation, 1)
        wait_seated(installation, daemon, events)
        first = installation.zoom.webinars()
        installation.zoom.fault(CREATE, "delay", seconds=0.6, times=None)
        events += import_more(installation, 6)
        wait_until(lambda: count_of(installation, CREATE) > 1, lambda: daemon.log)

        disk.fill(daemon)
        time.sleep(1)  # requests that were sent are done by now and cannot be recorded
        answered = notify(daemon, first[0])
        hold_all(installation, first)
        wait_until(lambda: any(reason in why_not_ready(daemon) for reason in FULL), lambda: why_not_ready(daemon))
        refused = installation.run("events", "cancel", events[0], "--yes", code=1, largest_file=disk.largest_file)
        copy = str(disk.folder / "copy.db")
        no_copy = installation.run("db", "backup", copy, code=2, largest_file=disk.largest_file)
        page = daemon.fetch(f"/events/{events[0]}").status_code
        made_meanwhile = count_of(installation, CREATE)
        time.sleep(1)
        quiet = count_of(installation, CREATE) == made_meanwhile
        alive = is_alive(daemon)

        disk.free(daemon)
        installation.zoom.mend()
        daemon.wait_ready()
        finish_all_work(installation, daemon, events)

    assert (answered, page, quiet, alive) == (503, 200, True, True)
    assert any(f"The database did not answer: {reason}" in refused.err for reason in FULL)
    assert len(refused.err.splitlines()) == 1
    assert "The copy could not be written" in no_copy.err
    assert not Path(copy).exists()
    assert [line["after"] for line in daemon.lines("dispatcher_goes_on")]
    assert_once(installation, events)
