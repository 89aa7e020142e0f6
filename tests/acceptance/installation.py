"""The product as installed: real processes, a real folder, a real database, a practice Zoom over HTTP.

A command is forked from a process that has imported everything, so it starts in a tenth of a second; `program=True`
runs the installed program instead. All output is kept, and none of it may contain a traceback.
"""

import ctypes
import faulthandler
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import requests
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.acceptance import daemon
from tests.acceptance.daemon import Faults
from tests.builders import ACCOUNT, HOST
from tests.endings import run_sandbox
from tests.integration.service import PracticeZoom
from tests.loopback import free_port
from tests.waiting import wait_until

PROGRAM = Path(sys.executable).with_name("zoom-ops")
PATIENCE_S = 60.0
WEBHOOK_SECRET = "tidewater-webhook-secret"
CLIENT_SECRET = "tidewater-client-secret"
METRICS_TOKEN = "tidewater-metrics-token"
WITH_TOKEN = {"Authorization": f"Bearer {METRICS_TOKEN}"}  # for metrics, and the reason at /ready
QUICK = {
    "SELF_FENCE_S": "0.5",
    "DEADLINE_S": "1.5",
    "LISTING_LAG_S": "0.5",
    "POLL_S": "0.1",
    "HEARTBEAT_S": "0.5",
    "TRIAL_S": "1",
}  # short waits for tests: the daemon recovers from a crash in two seconds, not in half a minute

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    [
        "pytest",
        "tests.acceptance.installation",
        "zoom_ops.cli",
        "zoom_ops.app",
        "zoom_ops.web.process.run",
        "zoom_ops.web.daemon",
        "uvicorn.loops.auto",
        "uvicorn.protocols.http.auto",
        "uvicorn.lifespan.off",
        "anyio._backends._asyncio",
        "cryptography.fernet",
        "tests.acceptance.warm",
    ]
)


class Process(Protocol):
    """A running command."""

    pid: int | None

    def wait(self, timeout: float) -> int:
        """Wait for its end and return its exit code; below 0, the signal that ended it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The exit code and output of a command."""

    command: str
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, parsed as JSON."""
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Everything that it printed, on one line."""
        return " ".join((self.out + self.err).split())


class Daemon:
    """A running `zoom-ops serve`."""

    def __init__(self, process: Process, url: str, log: Path) -> None:
        self.process, self.url, self._log = process, url, log

    def wait_ready(self) -> None:
        """Wait until it is ready."""
        wait_until(lambda: self.fetch("/ready").status_code == 200, lambda: f"/ready: {self.log}")

    def fetch(self, path: str, **how: Any) -> requests.Response:
        """Fetch a page; return a 503 while nothing listens."""
        try:
            return requests.get(self.url + path, timeout=PATIENCE_S, **{"allow_redirects": False, **how})
        except requests.ConnectionError:
            nobody = requests.Response()
            nobody.status_code = 503
            return nobody

    def kill(self) -> None:
        """Kill it, like a machine that loses its power."""
        assert self.process.pid
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=60)

    def stop(self) -> float:
        """Ask it to stop and return how many seconds that took."""
        assert self.process.pid
        began = time.monotonic()
        os.kill(self.process.pid, signal.SIGTERM)
        try:
            code = self.process.wait(timeout=PATIENCE_S)
        except (AssertionError, subprocess.TimeoutExpired):
            os.kill(self.process.pid, signal.SIGUSR1)  # a fork then prints the stacks of its threads
            time.sleep(1)
            raise AssertionError(f"it did not stop: {self.log}") from None
        assert code == 0, f"it ended with {code}: {self.log}"
        return time.monotonic() - began

    @property
    def log(self) -> str:
        """Its output so far."""
        return self._log.read_text("utf-8")

    def lines(self, event: str) -> list[dict[str, Any]]:
        """List the lines of the log with this event."""
        lines = [json.loads(line) for line in self.log.splitlines()]
        return [line for line in lines if line["event"] == event]


class Installation:
    """An installation: its folder, its settings, and the commands run in it."""

    def __init__(self, folder: Path, database_url: str, zoom: PracticeZoom, port: int) -> None:
        self.folder, self.database_url, self.zoom, self.port = folder, database_url, zoom, port
        self.url = f"http://127.0.0.1:{port}"
        self.environ = a_clean_environment() | settings_of(database_url, folder / "var", zoom.url, port)
        self.outputs = folder / "outputs"
        self.outputs.mkdir(parents=True)
        self._numbers = count(1)

    @property
    def kind(self) -> str:
        """The kind of its database."""
        return self.database_url.partition(":")[0]

    def set(self, **settings: str | None) -> None:
        """Change settings; None removes a setting."""
        for name, value in settings.items():
            self.environ.pop(f"ZOOM_OPS_{name}", None)
            if value is not None:
                self.environ[f"ZOOM_OPS_{name}"] = value

    def set_account(self, **settings: str | None) -> None:
        """Change settings of the account; None removes a setting."""
        self.set(**{f"ACCOUNTS__{ACCOUNT.upper()}__{name}": value for name, value in settings.items()})

    def run(
        self,
        *command: str,
        code: int | None = 0,
        typed: str = "",
        program: bool = False,
        like_anybody: bool = False,
        largest_file: int | None = None,
    ) -> Ended:
        """Run a command to its end and check its exit code.

        `like_anybody`: file permissions also apply to root. No file may grow beyond `largest_file` bytes.
        """
        process, out, err = self._begin(
            *command, typed=typed, program=program, like_anybody=like_anybody, largest_file=largest_file
        )
        ended = Ended(
            command=" ".join(command),
            code=process.wait(timeout=60),
            out=out.read_text("utf-8"),
            err=err.read_text("utf-8"),
        )
        assert code is None or ended.code == code, ended
        assert "Traceback" not in ended.out + ended.err or "--debug" in command, ended
        return ended

    def begin(self, *command: str, program: bool = False) -> tuple[Process, Path]:
        """Begin a command; return the process and the file of its output."""
        process, out, _ = self._begin(*command, program=program)
        return process, out

    @contextmanager
    def daemon(
        self, *arguments: str, program: bool = False, ready: bool = True, faults: Faults | None = None
    ) -> Iterator[Daemon]:
        """Run the daemon during the block; it is killed at the end unless it was stopped."""
        process, out, _ = self._begin("serve", *arguments, program=program, together=True, faults=faults)
        running = Daemon(process, f"http://{self.environ['ZOOM_OPS_LISTEN']}", out)
        try:
            if ready:
                running.wait_ready()
            yield running
        finally:
            with suppress(ProcessLookupError):
                running.kill()
        assert "Traceback" not in running.log, running.log

    def begin_daemon(self, faults: Faults) -> Any:
        """Begin a daemon with these faults."""
        return self._begin("serve", together=True, faults=faults)[0]

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file into the folder and return its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    @property
    def is_at_rest(self) -> bool:
        """Whether every run is finished. A wait polls it, so it reads the database instead of starting a command."""
        engine = create_engine(self.database_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return not connection.execute(text("SELECT 1 FROM run WHERE finished IS NULL LIMIT 1")).first()
        except DBAPIError:  # some tests stop or lock the database
            return False

    @property
    def is_done(self) -> bool:
        """Whether every run is finished and did its work."""
        return self.is_at_rest and all(
            run["state"] == "done" for run in self.run("runs", "--limit", "1000", "--json").json
        )

    def left_behind(self) -> bytes:
        """Read all output and every file in the folder."""
        return b"\n".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())

    def _begin(
        self,
        *command: str,
        typed: str = "",
        program: bool = False,
        together: bool = False,
        like_anybody: bool = False,
        largest_file: int | None = None,
        faults: Faults | None = None,
    ) -> tuple[Process, Path, Path]:
        number = next(self._numbers)
        name = f"{number:03}-{'-'.join(command[:1]).strip('-')}"
        out, err, input_ = (self.outputs / f"{name}.{kind}" for kind in ("out", "err", "in"))
        input_.write_text(typed, "utf-8")
        out.touch()
        err.touch()
        life = _Life(
            command=command,
            like_anybody=like_anybody,
            environ=dict(self.environ),
            folder=self.folder,
            streams=(input_, out, out if together else err),
            largest_file=largest_file,
            faults=faults,
        )
        return (_start_program if program else _start_fork)(life), out, err


@dataclass(frozen=True, kw_only=True)
class _Life:
    """The parameters of a process."""

    command: tuple[str, ...]
    environ: dict[str, str]
    folder: Path
    streams: tuple[Path, Path, Path]  # standard input, output and error
    like_anybody: bool  # for a fork only
    largest_file: int | None
    faults: Faults | None  # for a fork only


def _start_program(life: _Life) -> Process:
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("ab" if n else "rb")) for n, path in enumerate(life.streams)]
        return subprocess.Popen(
            [PROGRAM, *life.command],
            env=life.environ, cwd=life.folder, stdin=files[0], stdout=files[1], stderr=files[2],
        )  # fmt: skip


class _Fork:
    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid: int | None = process.pid

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        assert self._process.exitcode is not None, f"it did not end within {timeout} s"
        return int(self._process.exitcode)

    def poll(self, timeout: float) -> int | None:
        self._process.join(timeout)
        return None if self._process.exitcode is None else int(self._process.exitcode)


def _start_fork(life: _Life) -> Process:
    process = _forks.Process(target=_live, args=(life,))
    process.start()
    return _Fork(process)


def _live(life: _Life) -> None:
    """Run `zoom-ops` in this forked process."""
    from zoom_ops.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    faulthandler.register(signal.SIGUSR1)
    os.environ.clear()
    os.environ.update(life.environ)
    os.chdir(life.folder)
    for number, path in enumerate(life.streams):
        os.dup2(os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_APPEND | os.O_CREAT), number)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", buffering=1) for number in (1, 2))
    if life.like_anybody:
        _obey_permissions()
    if life.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (life.largest_file, resource.RLIM_INFINITY))
    sys.argv = ["zoom-ops", *life.command]
    if life.faults:
        daemon.run(life.faults)
    else:
        main()


def _obey_permissions() -> None:
    """Give up root's access to all files: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, bits 1 and 2."""
    libc = ctypes.CDLL(None)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, sets)
    for place in range(3):  # effective, permitted, inheritable
        sets[place] &= ~0b110
    assert libc.capset(header, sets) == 0


@contextmanager
def install(folder: Path, database_url: str, **options: Any) -> Iterator[Installation]:
    """Make an installation and a practice Zoom that notifies it; `options` are the practice Zoom's."""
    port = free_port()
    hook = {"webhook_url": f"http://127.0.0.1:{port}/webhooks/zoom/{ACCOUNT}", "webhook_secret": WEBHOOK_SECRET}
    with run_sandbox(**{"plan": "business", "limits": False, **hook, **options}) as sandbox:
        yield Installation(folder, database_url, PracticeZoom(sandbox.url), port)


def settings_of(database_url: str, data_dir: Path, zoom_url: str, port: int) -> dict[str, str]:
    """Build the environment variables of an installation with one account."""
    general = {"DATABASE_URL": database_url, "DATA_DIR": str(data_dir), "LISTEN": f"127.0.0.1:{port}", **QUICK}
    general["METRICS_TOKEN"] = METRICS_TOKEN
    return {f"ZOOM_OPS_{name}": value for name, value in (general | account_of(ACCOUNT, zoom_url)).items()}


def account_of(name: str, zoom_url: str, **changes: str) -> dict[str, str]:
    """Build the settings of an account with this Zoom, without the prefix of a setting's name."""
    account = {
        "ACCOUNT_ID": "tidewater-account",
        "CLIENT_ID": "tidewater-client",
        "CLIENT_SECRET": CLIENT_SECRET,
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "HOSTS": json.dumps([HOST]),
        "PLAN": "business",
        "API_URL": f"{zoom_url}/v2",
        "OAUTH_URL": f"{zoom_url}/oauth/token",
    } | changes
    return {f"ACCOUNTS__{name.upper()}__{key}": value for key, value in account.items()}


def a_clean_environment() -> dict[str, str]:
    """Copy the environment without the settings of an installation."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("ZOOM_OPS_")}
