"""Faults of the service's storage, controlled by a test, and the work that continues meanwhile."""

import json
import os
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import requests

from tests.acceptance.installation import WEBHOOK_SECRET, WITH_TOKEN, Daemon, Installation
from tests.acceptance.programme import HOSTS, SPEAKERS, address_of, an_entry, invited, marks, published, seated
from tests.builders import ACCOUNT
from tests.waiting import wait_until
from tests.zoom_signature import signed

ADDRESSES = tuple(sorted(address_of(name) for name in SPEAKERS))
CREATE = "POST /users/*/webinars"
_numbers = count(1)


class Disk(Protocol):
    """The storage of the database and the log."""

    folder: Path
    largest_file: int | None  # the limit for files of a command that runs while the storage is full

    def fill(self, daemon: Daemon) -> None:
        """Use up all space."""

    def free(self, daemon: Daemon) -> None:
        """Free the space again."""


class SmallDisk:
    """A file system of 12 MB in memory, which a file fills."""

    largest_file = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, daemon: Daemon) -> None:
        """Write until there is no space for another byte."""
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (1 << 20, 4096, 1):
                with suppress(OSError):
                    while filler.write(b"x" * size):
                        pass

    def free(self, daemon: Daemon) -> None:
        """Delete the file."""
        (self.folder / "filler").unlink()


class LimitedFiles:
    """A folder where the daemon's files cannot grow beyond their first byte. It does not need root."""

    largest_file = 8192  # enough for its output, and too little for the database

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, daemon: Daemon) -> None:
        """Let every write fail."""
        assert daemon.process.pid
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

    def free(self, daemon: Daemon) -> None:
        """Remove the limit."""
        assert daemon.process.pid
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, unlimited)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk | None]:
    """Mount a small file system for the block; None where this machine does not allow it."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "zoom_ops-test", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def use_hosts(installation: Installation) -> None:
    """Configure several hosts, so that several webinars are made at once."""
    installation.set_account(HOSTS=json.dumps(HOSTS))


def import_more(installation: Installation, amount: int, *, program: bool = False) -> list[str]:
    """Import this number of further events and return their ids."""
    numbers = [next(_numbers) for _ in range(amount)]
    name = installation.write(f"more-{numbers[0]}.json", json.dumps([an_entry(number) for number in numbers]))
    ended = installation.run("events", "import", name, "--json", program=program)
    return [event["id"] for event in ended.json]


def wait_seated(installation: Installation, daemon: Daemon, events: list[str]) -> None:
    """Wait until each event has its webinar with all panelists."""
    wait_until(
        lambda: seated(installation.zoom.webinars()) == [ADDRESSES] * len(events),
        lambda: f"{len(events)} webinars: {seated(installation.zoom.webinars())}\n{daemon.log}",
        patience_s=60,
    )


def hold_all(installation: Installation, webinars: list[Any] | None = None) -> None:
    """Hold all webinars, or these. Zoom notifies that each was held and recorded."""
    for webinar in installation.zoom.webinars() if webinars is None else webinars:
        installation.zoom.hold(webinar["id"], processing_s=0.1)


def repeat_notifications(installation: Installation) -> None:
    """Let Zoom repeat notifications that were not accepted, as it does for an hour and a half."""
    installation.zoom.control("POST", "/clock", {"advance_s": 7200})


def wait_published(installation: Installation, daemon: Daemon, events: list[str]) -> None:
    """Wait until each event's page shows its one recording."""
    repeat_notifications(installation)
    wait_until(
        lambda: all(len(published(daemon.url, event)) == 1 for event in events),
        lambda: f"recordings of {[event for event in events if not published(daemon.url, event)]}\n{daemon.log}",
        patience_s=60,
    )


def wait_at_rest(installation: Installation, daemon: Daemon) -> None:
    """Wait until no run is open: a page shows a recording before the timeline has its entry."""
    wait_until(lambda: installation.is_at_rest, lambda: daemon.log)


def assert_once(installation: Installation, events: list[str]) -> None:
    """Check at the practice Zoom and on the timeline that nothing is lost and nothing happened twice."""
    webinars = installation.zoom.webinars()
    assert set(marks(webinars).values()) == {1}
    assert len(webinars) == len(events)
    assert seated(webinars) == [ADDRESSES] * len(events)
    assert invited(webinars) == [Counter(ADDRESSES)] * len(events)
    shown = [installation.run("events", "show", event).out.count("was published for") for event in events]
    assert shown == [1] * len(events)


def notify(daemon: Daemon, webinar: Any) -> int:
    """Send a new notification about a webinar, as Zoom does, and return the status of the answer."""
    held = {"id": webinar["id"], "uuid": webinar["uuid"], "type": 5, "topic": str(next(_numbers))}
    headers, body = signed("webinar.updated", held, WEBHOOK_SECRET)
    return requests.post(f"{daemon.url}/webhooks/zoom/{ACCOUNT}", body, headers=headers, timeout=30).status_code


def why_not_ready(daemon: Daemon) -> str:
    """Return the text of `/ready`, or an empty text while the service is ready."""
    answer = daemon.fetch("/ready", headers=WITH_TOKEN)
    return "" if answer.status_code == 200 else str(answer.json()["reason"] if answer.content else "nobody answers")


def is_alive(daemon: Daemon) -> bool:
    """Return whether the daemon still runs."""
    assert daemon.process.pid
    state = Path(f"/proc/{daemon.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    return state not in "ZX"


def begin_amid_work(installation: Installation, daemon: Daemon) -> tuple[list[str], list[Any]]:
    """Wait for one seated event and import four more; return all events and the webinars that exist."""
    events = import_more(installation, 1)
    wait_seated(installation, daemon, events)
    first = installation.zoom.webinars()
    installation.zoom.fault(CREATE, "delay", seconds=0.4, times=None)
    events += import_more(installation, 4)
    wait_until(lambda: count_of(installation, CREATE) > 1, lambda: daemon.log)
    return events, first


def finish_all_work(installation: Installation, daemon: Daemon, events: list[str]) -> None:
    """Wait until all are seated, hold the webinars not held yet, wait until all are published, and stop the daemon."""
    wait_seated(installation, daemon, events)
    hold_all(installation, installation.zoom.webinars()[1:])
    wait_published(installation, daemon, events)
    wait_at_rest(installation, daemon)
    daemon.stop()


def while_it_lasts(seconds: float, do: Callable[[], object]) -> int:
    """Repeat a function for a time and return the number of calls."""
    until, times = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        do()
        times += 1
    return times


def count_of(installation: Installation, call: str) -> int:
    """Count the requests of a kind at the practice Zoom."""
    return installation.zoom.calls().count(call)


def pages_of(path: Path) -> int:
    """Return the size of a file; 0 if there is none."""
    return os.stat(path).st_size if path.exists() else 0
