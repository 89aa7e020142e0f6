"""A program from before the newest migration works beside this one, on the database that this one has migrated.

The older program comes from the project's history: the commit right before the newest migration.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.acceptance.cluster.test_cluster import all_seated, assert_once, hold_all
from tests.acceptance.conftest import TellCounts
from tests.acceptance.daemon import Faults
from tests.acceptance.installation import Daemon, Installation, install
from tests.acceptance.nodes import make_cluster, node
from tests.acceptance.programme import a_programme, import_programme, published
from tests.acceptance.storage import use_hosts
from tests.loopback import free_port
from tests.root import ROOT
from tests.setup.postgres import Cluster
from tests.waiting import wait_until
from zoom_ops.web.process.run import Part

VERSIONS = ROOT / "zoom_ops" / "store" / "migrations" / "versions"
pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.parametrize("database_kind", ["postgresql"])]
PROGRAM = (sys.executable, "-c", "from zoom_ops.cli import main; main()")
FIRST_EVENTS, EVENTS = 10, 40  # the older program imports the first ones
PARTS: tuple[Part, Part] = ("web", "worker")


class Older:
    """The older program, run by the same Python with the same libraries."""

    def __init__(self, tree: Path, installation: Installation) -> None:
        self._tree, self._installation = tree, installation

    def run(self, *command: str) -> str:
        """Run a command to its end and return its output."""
        place = self._installation
        return subprocess.run(
            [*PROGRAM, *command], env=self._environ(), cwd=place.folder, check=True, capture_output=True, text=True
        ).stdout

    @contextmanager
    def serve(self, part: Part, port: int) -> Iterator[Daemon]:
        """Run one process of the older program during the block."""
        log = self._installation.folder / f"older-{part}-{port}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*PROGRAM, "serve", "--only", part],
                env=self._environ() | {"ZOOM_OPS_LISTEN": f"127.0.0.1:{port}"},
                cwd=self._installation.folder, stdout=file, stderr=file,
            )  # fmt: skip
        running = Daemon(process, f"http://127.0.0.1:{port}", log)
        try:
            wait_until(lambda: running.lines("daemon_started"), lambda: running.log)
            yield running
        finally:
            with suppress(ProcessLookupError):
                running.kill()
        assert "Traceback" not in running.log, running.log

    def _environ(self) -> dict[str, str]:
        return self._installation.environ | {"PYTHONPATH": str(self._tree)}


@pytest.fixture(scope="module")
def older_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extract the tree from before the newest migration from the project's history, if it is available."""
    newest = max(VERSIONS.rglob("[0-9]*.py")).relative_to(ROOT)
    came = _git("log", "-1", "--format=%H", "--diff-filter=A", "--", str(newest))
    if not came or not _git("rev-parse", "--verify", "--quiet", f"{came}^"):
        pytest.skip("no history of the project is at hand")
    tree = tmp_path_factory.mktemp("older")
    archive = subprocess.run(["git", "archive", f"{came}^"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "x", "-C", tree], input=archive, check=True)
    return tree


def _git(*command: str) -> str:
    if not shutil.which("git"):
        return ""
    return subprocess.run(["git", *command], cwd=ROOT, check=False, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def installation(tmp_path: Path, postgres: Cluster) -> Iterator[Installation]:
    """An installation with an empty database."""
    with install(tmp_path / "place", postgres.create(f"rolling_{os.getpid()}")) as installation:
        yield installation


@pytest.mark.timeout(300)
def test_older_program_works_beside_this_one(
    installation: Installation, older_tree: Path, tell_counts: TellCounts
) -> None:
    use_hosts(installation)
    make_cluster(installation)
    installation.zoom.fault("POST /users/*/webinars", "delay", seconds=0.5, rate=1.0, times=None)
    older = Older(older_tree, installation)
    first = installation.write("first.json", a_programme(FIRST_EVENTS))
    with ExitStack() as stack:
        older.run("db", "upgrade")
        shown = stack.enter_context(older.serve("web", installation.port))
        works = stack.enter_context(older.serve("worker", free_port()))
        older.run("events", "import", first)
        wait_until(lambda: len(installation.zoom.webinars()) > 3, lambda: works.log)

        before = _revision(installation)
        installation.run("db", "upgrade")
        web, worker = (
            stack.enter_context(node(installation, _part(installation, part), free_port())) for part in PARTS
        )
        wait_until(lambda: worker.lines("daemon_started"), lambda: worker.log)
        events = import_programme(installation, EVENTS)
        wait_until(lambda: all_seated(installation, EVENTS), lambda: works.log + worker.log, patience_s=120)
        hold_all(installation)
        pages = [(daemon.url, event) for daemon in (shown, web) for event in events]
        wait_until(lambda: all(len(published(*page)) == 1 for page in pages), lambda: works.log + worker.log)
        beside = [len(daemon.lines("run_done")) for daemon in (works, worker)]
        for daemon in (works, shown, worker, web):
            daemon.stop()

    tell_counts(f"an older program beside this one: {EVENTS} events, each once; runs performed by each: {beside}")
    assert before < _revision(installation)
    assert all(beside)
    assert_once(installation, EVENTS)


def _revision(installation: Installation) -> str:
    engine = create_engine(installation.database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _part(installation: Installation, part: Part) -> Faults:
    return Faults(met=installation.folder / "met", only=part)
