"""A private PostgreSQL for one test session, on a free port and in a folder of its own."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

OWNER = "zoom_ops"
OLDEST = 13
START_S = 60
_PREFIX = "zoom-ops-postgres-"


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A running PostgreSQL that accepts everybody on this machine as its owner."""

    programs: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, name: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, *, template: str = "template1") -> str:
        """Create a database as a copy of `template`, which must have no connections; return its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            quick = " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{quick}'.encode())
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, and close the connections to it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT is the fast shutdown; after SIGQUIT, the immediate one, the next start recovers."""
        self.process.send_signal(how)
        self.process.wait(timeout=30)

    def start_again(self) -> "Cluster":
        """Start the server again at the same address."""
        return _launch(self.programs, self.folder, self.port)


def find_programs() -> Path | None:
    """Find the folder with the programs (`initdb`, `postgres`) of the newest sufficient PostgreSQL, or None."""
    installed = [(_version(folder), folder) for folder in _candidates() if (folder / "initdb").exists()]
    new_enough = [pair for pair in installed if pair[0] >= OLDEST]
    return max(new_enough)[1] if new_enough else None


@contextmanager
def run_cluster(programs: Path) -> Iterator[Cluster]:
    """Run a private PostgreSQL. It also stops when this process is killed; the next session then deletes its folder."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _unprivileged().pw_uid)
        _initialise(programs, folder)
        cluster = _start(programs, folder)
        try:
            yield cluster
        finally:
            _stop(cluster.process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _candidates() -> Iterator[Path]:
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    pg_config, postgres = shutil.which("pg_config"), shutil.which("postgres")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    if postgres:
        yield Path(postgres).resolve().parent


def _version(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\d+", answer.stdout)
    return int(number[0]) if number else 0


def _initialise(programs: Path, folder: Path) -> None:
    options = ("--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync")
    command = _as_owner(programs / "initdb", "-D", folder / "data", *options)
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"initdb failed: {answer.stderr or answer.stdout}")


def _start(programs: Path, folder: Path) -> Cluster:
    for _ in range(3):  # another process may take the free port first
        cluster = _launch(programs, folder, _free_port())
        if _answers(cluster):
            return cluster
        _stop(cluster.process)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")


def _launch(programs: Path, folder: Path, port: int) -> Cluster:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "max_connections": 200,
        "fsync": os.environ.get("TEST_POSTGRES_FSYNC", "off"),  # on: for tests that cut the power
    }
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        command = _as_owner(programs / "postgres", "-D", folder / "data", *options)
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    return Cluster(programs=programs, folder=folder, port=port, process=process)


def _answers(cluster: Cluster) -> bool:
    deadline = time.monotonic() + START_S
    while cluster.process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(cluster.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _as_owner(*command: str | Path) -> list[str]:
    """Prefix a command so that it runs unprivileged (PostgreSQL refuses root) and ends with this process."""
    words = [str(word) for word in command]
    if sys.platform != "linux":
        return words
    prefix = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        user = _unprivileged()
        prefix += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return [*prefix, "--", *words]


def _unprivileged() -> pwd.struct_passwd:
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _sweep() -> None:
    """Delete the folders of killed sessions."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists() and sys.platform == "linux":
            shutil.rmtree(folder, ignore_errors=True)
