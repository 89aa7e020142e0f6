"""Processes that write to SQLite are killed with SIGKILL, and the database file stays sound."""

import json
import os
import random
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.acceptance.installation import Daemon, Installation, Process
from tests.acceptance.storage import assert_once, hold_all, import_more, notify, use_hosts, wait_published, wait_seated
from tests.waiting import wait_until

SEED = os.environ.get("KILL_SEED", "20400131")


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("kills", [5, pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
def test_killed_writers_leave_a_sound_database(installation: Installation, kills: int) -> None:
    """Kill the daemon and a concurrent import, while webinars are made and notifications arrive."""
    chance = random.Random(SEED)
    use_hosts(installation)
    path = Path(installation.database_url.removeprefix("sqlite:///"))
    verdicts, grown = list[tuple[str, int]](), list[int]()
    events: list[str] = []
    for number in range(kills):
        with installation.daemon(ready=False) as daemon:
            wait_until(lambda d=daemon: d.lines("daemon_started"), lambda d=daemon: d.log)
            if number % 5 == 0:
                events += import_more(installation, 2)
            with notified(installation, daemon), imported(installation, events) as other:
                time.sleep(chance.uniform(0.1, 0.6))
                grown.append(Path(f"{path}-wal").stat().st_size)
                victims = [daemon.process, other]
                chance.shuffle(victims)
                for victim in victims:
                    kill(victim)
        verdicts.append(verdict_on(path))
    with installation.daemon() as daemon:
        wait_seated(installation, daemon, events)
        hold_all(installation)
        wait_published(installation, daemon, events)
        daemon.stop()

    sys.stdout.write(
        f"seed {SEED}: {kills} kills of two writers, {min(grown)} to {max(grown)} bytes not yet moved over\n"
    )
    assert verdicts == [("ok", 0)] * kills
    assert min(grown) > 0
    assert_once(installation, events)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_backup_under_load_is_whole_and_restored_makes_nothing_twice(installation: Installation) -> None:
    use_hosts(installation)
    folder = installation.folder / "backups"
    with installation.daemon() as daemon:
        known = import_more(installation, 3)
        wait_until(installation.zoom.webinars, lambda: daemon.log)
        with notified(installation, daemon):
            installation.run("db", "backup", "--to", str(folder), "--keep", "3")
        (backup,) = folder.iterdir()
        events = known + import_more(installation, 2)
        wait_seated(installation, daemon, events)
        beside = installation.run("db", "restore", str(backup), code=2)
        daemon.kill()
    found = verdict_on(backup), names_in(backup)

    restoring, said = installation.begin("db", "restore", str(backup))
    wait_until(lambda: "It is restored" in said.read_text("utf-8"), lambda: said.read_text("utf-8"))
    kill(restoring)  # before Zoom is asked what is newer
    with installation.daemon() as daemon:
        wait_until(lambda: "unknown" in noted(installation), lambda: daemon.log)
        unknown = noted(installation)["unknown"]
        again = sorted(path.name for path in installation.folder.glob("more-*.json"))  # also what came after the backup
        installation.run("events", "import", *again)
        wait_until(lambda: installation.is_at_rest, lambda: daemon.log)
        hold_all(installation)
        wait_published(installation, daemon, events)
        daemon.stop()

    assert found == (("ok", 0), sorted(known))
    assert "Another zoom_ops process works on this database" in beside.said
    assert set(unknown) == set(events) - set(known)
    assert len(list(replaced(installation))) == 1
    assert_once(installation, events)


def noted(installation: Installation) -> dict[str, dict[str, object]]:
    """Return what the installation has noted as newer than its backup."""
    with closing(sqlite3.connect(installation.database_url.removeprefix("sqlite:///"))) as connection:
        row = connection.execute("SELECT value FROM meta WHERE name = 'newer'").fetchone()
        return json.loads(row[0]) if row else {}


def replaced(installation: Installation) -> Iterator[Path]:
    """Yield the databases that a restored one has replaced."""
    place = Path(installation.database_url.removeprefix("sqlite:///"))
    return place.parent.glob(f"{place.name}.before-*")


@contextmanager
def notified(installation: Installation, daemon: Daemon) -> Iterator[None]:
    """Send notifications as fast as the daemon takes them."""
    ended = threading.Event()

    def tell() -> None:
        with suppress(OSError):
            while not ended.is_set() and (webinars := installation.zoom.webinars()):
                for webinar in webinars:
                    notify(daemon, webinar)

    senders = [threading.Thread(target=tell) for _ in range(2)]
    for sender in senders:
        sender.start()
    yield
    ended.set()
    for sender in senders:
        sender.join()


@contextmanager
def imported(installation: Installation, events: list[str]) -> Iterator[Process]:
    """Begin a command that writes a lot: an address book of a thousand people."""
    people = "".join(f"Visitor {n},,visitor-{n}-{time.monotonic_ns()}@example.org\n" for n in range(1000))
    name = installation.write("people.csv", "name,organization,email\n" + people)
    process, _ = installation.begin("people", "import", name)
    yield process


def kill(process: Process) -> None:
    """Kill a process if it has not ended."""
    assert process.pid
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=60)


def verdict_on(path: Path) -> tuple[str, int]:
    """Return SQLite's integrity check of a file and its number of broken references."""
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        return verdict, len(connection.execute("PRAGMA foreign_key_check").fetchall())


def names_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT id FROM event"))
