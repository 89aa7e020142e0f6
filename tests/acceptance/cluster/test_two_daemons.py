"""Of two daemons on one database, one does the work, also when the lock is lost."""

import time
from pathlib import Path

import pytest

from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.storage import assert_once, hold_all, import_more, use_hosts, wait_published, wait_seated
from tests.loopback import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.both_databases

REFUSED = "Another zoom_ops process does the work of this database already; stop it first."


def test_one_of_two_daemons_started_at_once_does_the_work(installation: Installation) -> None:
    use_hosts(installation)
    events = import_more(installation, 3)

    with installation.daemon(ready=False) as first:
        installation.set(LISTEN=f"127.0.0.1:{free_port()}")
        with installation.daemon(ready=False) as second:
            wait_until(lambda: len(refused([first, second])) == 1, lambda: first.log + second.log)
            wait_until(lambda: len(installation.zoom.webinars()) == len(events), lambda: first.log + second.log)
            time.sleep(0.5)
            both = [first, second]
            both.remove(*refused(both))
            both[0].stop()

    assert len(installation.zoom.webinars()) == len(events)


def refused(daemons: list[Daemon]) -> list[Daemon]:
    return [daemon for daemon in daemons if REFUSED in daemon.log]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_daemon_whose_lock_file_was_deleted_keeps_others_out(installation: Installation) -> None:
    use_hosts(installation)
    lock = Path(installation.database_url.removeprefix("sqlite:///")).with_suffix(".lock")
    with installation.daemon() as daemon:
        number = lock.read_text("utf-8")
        lock.unlink()
        wait_until(lock.exists, lambda: daemon.log)
        installation.set(LISTEN=f"127.0.0.1:{free_port()}")
        second = installation.run("serve", code=1)
        events = import_more(installation, 2)
        wait_seated(installation, daemon, events)
        hold_all(installation)
        wait_published(installation, daemon, events)
        daemon.stop()

    assert REFUSED in second.err
    assert number == f"{daemon.process.pid}\n"
    assert_once(installation, events)
