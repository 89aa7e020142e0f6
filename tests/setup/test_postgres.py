"""The private PostgreSQL of the tests leaves nothing behind."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.root import ROOT
from tests.setup.postgres import Cluster, run_cluster

SESSION = """
import sys, time
from pathlib import Path
from tests.setup.postgres import run_cluster
with run_cluster(Path(sys.argv[1])) as cluster:
    print(cluster.port, cluster.folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def programs(postgres: Cluster) -> Path:
    """Return the programs of this session's PostgreSQL; without PostgreSQL the test is skipped or fails."""
    return postgres.programs


@pytest.mark.process
def test_cluster_killed_session_stops_the_server_and_the_next_sweeps_its_folder(programs: Path) -> None:
    command = [sys.executable, "-c", SESSION, str(programs)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdout is not None
        port, folder = session.stdout.readline().split()
        server = Path(folder, "data", "postmaster.pid").read_text("utf-8").split()[0]
        session.kill()
        session.wait()

    assert _becomes(lambda: not _answers(int(port)) and _is_gone(server))  # until then it writes to its folder
    assert Path(folder).exists()

    with run_cluster(programs) as cluster:
        assert _answers(cluster.port)
        assert not Path(folder).exists()

    assert not cluster.folder.exists()


def _is_gone(process: str) -> bool:
    try:
        return Path("/proc", process, "stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _becomes(is_true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return is_true()


def _answers(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://zoom_ops@127.0.0.1:{port}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
