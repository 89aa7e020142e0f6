"""A running installation moves from SQLite to a cluster on PostgreSQL, and back.

Each time it is killed after it has sent a create and before it has the answer: the move must keep that intent. The
results are counted at the practice Zoom.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.acceptance.daemon import Faults, count_met
from tests.acceptance.installation import PROGRAM, Installation
from tests.acceptance.nodes import SECRET_KEY, nodes
from tests.acceptance.storage import assert_once, hold_all, import_more, use_hosts, wait_published, wait_seated
from tests.rows import add_rows, fill
from tests.setup.postgres import Cluster
from tests.waiting import wait_until
from zoom_ops.engine.lock import open_use_lock
from zoom_ops.store.copy.progress import mark_moved
from zoom_ops.store.copy.rows import count_rows
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.tables import metadata, zoom_call

pytestmark = pytest.mark.crash
CALLS = 40_000
PATIENCE_S = 90.0
_numbers = count(1)


@pytest.fixture
def other_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of the other kind."""
    if database_kind == "postgresql":
        yield f"sqlite:///{tmp_path}/other.db"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = f"moved_{next(_numbers)}"
    yield cluster.create(name)
    cluster.drop(name)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_installation_is_moved_to_a_cluster_and_back(
    installation: Installation, other_url: str, tmp_path: Path
) -> None:
    use_hosts(installation)
    installation.set(SECRET_KEY=SECRET_KEY, BASE_URL=installation.url)
    with installation.daemon() as daemon:
        events = import_more(installation, 3)
        wait_seated(installation, daemon, events)
        beside = installation.run("db", "copy", installation.database_url, other_url, code=2)
        daemon.stop()
    with installation.daemon("--only", "web", ready=False) as web:
        wait_until(lambda: web.lines("daemon_started"), lambda: web.log)
        beside_pages = installation.run("db", "copy", installation.database_url, other_url, code=2)
        web.stop()
    events += killed_embedded(installation)
    move(installation, other_url)

    with nodes(installation, workers=2) as running:
        wait_seated(installation, running.web, events)
        hold_all(installation)
        wait_published(installation, running.web, events)
        running.stop()
    assert_once(installation, events)

    events += killed_cluster(installation)
    held = installation.zoom.webinars()[: len(events) - 1]
    move(installation, f"sqlite:///{tmp_path}/back.db")
    installation.set(ENGINE="auto")
    with installation.daemon() as daemon:
        wait_seated(installation, daemon, events)
        held_ids = {webinar["id"] for webinar in held}
        hold_all(installation, [webinar for webinar in installation.zoom.webinars() if webinar["id"] not in held_ids])
        wait_published(installation, daemon, events)
        daemon.stop()

    for refused in (beside, beside_pages):
        assert "Another zoom_ops process works on the source" in refused.said
    assert_once(installation, events)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_daemon_ends_where_everything_was_moved_while_it_could_not_notice(installation: Installation) -> None:
    faults = Faults(met=installation.folder / "none", look_s=0.5)
    with installation.daemon(faults=faults) as daemon:
        with closing(open_database(installation.database_url)) as database, database.begin() as connection:
            mark_moved(connection, "postgresql://db.example.org/zoom_ops")
        wait_until(lambda: daemon.lines("daemon_stopped"), lambda: daemon.log)
        daemon.process.wait(timeout=60)

    assert daemon.lines("database_moved")
    assert "was moved to postgresql://db.example.org/zoom_ops" in installation.run("runs", code=1).said
    installation.run("db", "take-back")
    installation.run("runs")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_nothing_starts_on_a_file_that_is_being_copied(installation: Installation) -> None:
    with closing(open_database(installation.database_url)) as database:
        lock = open_use_lock(database, shared=False)
        assert lock.acquire()
        outputs = [installation.run(*command, code=1).said for command in (("serve",), ("events", "list"))]
        lock.release()

    assert all("The database is being moved or restored" in output for output in outputs)


@pytest.mark.long
def test_copy_that_is_killed_goes_on_and_is_complete(installation: Installation, other_url: str) -> None:
    with closing(open_database(installation.database_url)) as source:
        fill(source, 3)
        add_rows(source, zoom_call, range(4, CALLS))
        with source.read() as connection:
            rows = count_rows(connection)
    copy = ("db", "copy", installation.database_url, other_url)
    counts = [0]

    for _ in range(2):
        process, _ = installation.begin(*copy, program=True)
        further = partial(has_more_calls, other_url, counts[-1])
        wait_until(further, lambda: complaints(installation), patience_s=PATIENCE_S, every_s=0.01)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(timeout=60) == -signal.SIGKILL
        counts.append(calls_at(other_url))
    half = refused_start(installation, other_url)
    ended = installation.run(*copy, "--json", program=True)

    assert 0 < counts[1] < counts[2] < CALLS - 1
    assert "A copy into this database was begun and is not whole" in half
    assert (ended.json, ended.err) == (rows, "")
    assert calls_at(other_url) == CALLS - 1
    assert "was moved to" in installation.run(*copy, code=1).said


def test_progress_is_shown_where_a_person_watches(place: Installation, migrated_sqlite: Path, tmp_path: Path) -> None:
    with closing(open_database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'own.db')}")) as source:
        fill(source, 3)
    watched, terminal = os.openpty()
    command = [PROGRAM, "db", "copy", f"sqlite:///{tmp_path}/own.db", f"sqlite:///{tmp_path}/other.db"]

    with ThreadPoolExecutor(1) as pool:
        shown = pool.submit(read_whole, watched)
        try:
            ended = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=terminal, env=place.environ | {"TERM": "xterm"},
                cwd=place.folder, check=True, text=True, timeout=60,
            )  # fmt: skip
        finally:
            os.close(terminal)
    os.close(watched)

    assert "copied" in shown.result()
    assert "checked" in shown.result()
    assert f"rows of {len(metadata.sorted_tables)} tables were copied, and every one was compared" in ended.stdout


def read_whole(terminal: int) -> str:
    """Read what is written to a terminal until nobody has it open."""
    written = b""
    with suppress(OSError):  # so Linux tells the end
        while part := os.read(terminal, 100_000):
            written += part
    return written.decode()


def killed_embedded(installation: Installation) -> list[str]:
    """Add an event, kill the daemon once it has sent the event's create, and return the event's id."""
    faults = Faults(met=installation.folder / "met-alone", steps=("after send",), kinds=("CreateWebinar",))
    event = import_more(installation, 1)
    with installation.daemon(ready=False, faults=faults) as daemon:
        wait_until(lambda: count_met(faults.met), lambda: daemon.log)
        daemon.process.wait(timeout=60)
    return event


def killed_cluster(installation: Installation) -> list[str]:
    """Add an event, kill the whole cluster once it has sent the event's create, and return the event's id."""
    faults = Faults(met=installation.folder / "met-cluster", steps=("after send",), kinds=("CreateWebinar",))
    event = import_more(installation, 1)
    with nodes(installation, workers=1, faults=faults) as running:
        wait_until(lambda: count_met(faults.met), lambda: running.log)
        running.web.kill()
        running.workers[0].process.wait(timeout=60)
    return event


def move(installation: Installation, url: str) -> None:
    """Move an installation with its own command and configure it for the new database."""
    rows = installation.run("db", "copy", installation.database_url, url, "--json").json
    assert rows["binding"] >= 3
    assert rows["effect"] > rows["binding"]
    installation.set(DATABASE_URL=url)
    installation.database_url = url


def refused_start(installation: Installation, url: str) -> str:
    """Return the output of a daemon that is started on this database."""
    before = installation.database_url
    installation.set(DATABASE_URL=url)
    output = installation.run("serve", code=1).said
    installation.set(DATABASE_URL=before)
    return output


def has_more_calls(url: str, than: int) -> bool:
    return calls_at(url) > than


def complaints(installation: Installation) -> str:
    """Return the error output of the commands so far."""
    return "\n".join(path.read_text("utf-8") for path in installation.outputs.glob("*.err"))


def calls_at(url: str) -> int:
    """Count the rows of one table, quickly; 0 if the table does not exist yet."""
    query = "SELECT count(*) FROM zoom_call"
    try:
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
                return int(file.execute(query).fetchone()[0])
        with psycopg.connect(url) as connection:
            return int(connection.execute(query).fetchone()[0])
    except (sqlite3.Error, psycopg.Error):
        return 0
