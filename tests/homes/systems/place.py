"""The place where one system runs: its folder, its ports and its processes."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import requests

from tests.loopback import free_port

PATIENCE_S = 180.0
_END_S = 15.0
_PROCESSES = "processes.json"
_TAIL = 3_000  # characters of a log in a message


class PlaceError(Exception):
    """A program of a system failed; the message ends with what it said last."""


class Place:
    """A folder with the data, the logs and the process ids of one system. `python` is that of its environment."""

    def __init__(self, folder: Path, python: Path, base_port: int | None = None) -> None:
        self.folder, self.python = folder, python
        self.stack = ExitStack()
        self._ports = iter(range(base_port, base_port + 10)) if base_port else None
        self._groups: list[int] = []
        (folder / "logs").mkdir(parents=True, exist_ok=True)

    def port(self) -> int:
        """Return a free port."""
        return next(port for port in self._ports if _is_free(port)) if self._ports else free_port()

    @property
    def cache(self) -> Path:
        """Return the folder of the system's environment, for what takes long to make and can be used again."""
        return self.python.parent.parent

    def keep(self, made: Path, kept: Path) -> None:
        """Copy a file into the cache, so that others see all of it or nothing."""
        part = kept.with_name(f"{kept.name}.{os.getpid()}.part")
        shutil.copyfile(made, part)
        part.rename(kept)

    def subfolder(self, name: str) -> Path:
        """Return a folder of this name, made if it is missing."""
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        return self.folder / name

    def program(self, name: str) -> Path:
        """Return a program of the system's Python environment."""
        return self.python.parent / name

    def call(
        self, *command: str | Path, environ: Mapping[str, str] | None = None, cwd: Path | None = None, given: str = ""
    ) -> str:
        """Run a program to its end and return what it prints; raise PlaceError if it fails."""
        ended = subprocess.run(
            command, input=given, cwd=cwd or self.folder, env=_environ(environ), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        with self._log("calls").open("a", encoding="utf-8") as log:
            log.write(f"$ {command[0]} …\n{ended.stdout}{ended.stderr}\n")
        if ended.returncode:
            name = " ".join(str(word) for word in command[:4])
            raise PlaceError(f"{name} ended with {ended.returncode}:\n{(ended.stdout + ended.stderr)[-_TAIL:]}")
        return ended.stdout

    def run(
        self, name: str, *command: str | Path, environ: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program that stays until the place is closed, or until this process ends in another way."""
        words = ["setpriv", "--pdeathsig", "TERM", "--", *(str(word) for word in command)]
        with self._log(name).open("ab") as log:
            process = subprocess.Popen(
                words, cwd=cwd or self.folder, env=_environ(environ), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._groups.append(process.pid)
        (self.folder / _PROCESSES).write_text(json.dumps(self._groups), "utf-8")
        self.stack.callback(end_group, process)
        return process

    def wait_for_port(self, name: str, process: subprocess.Popen[bytes], port: int) -> None:
        """Wait until a program accepts connections; raise PlaceError if it ends before."""
        self._wait(name, process, lambda: _accepts(port))

    def wait_for_page(self, name: str, process: subprocess.Popen[bytes], url: str) -> None:
        """Wait until a program answers a request with success; raise PlaceError if it ends before."""
        self._wait(name, process, lambda: _is_answered(url))

    def wait_for_file(self, name: str, process: subprocess.Popen[bytes], path: Path) -> None:
        """Wait until a program has written a file; raise PlaceError if it ends before."""
        self._wait(name, process, path.exists)

    def close(self) -> None:
        """Stop every program, the last one first."""
        self.stack.close()
        (self.folder / _PROCESSES).unlink(missing_ok=True)

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def _wait(self, name: str, process: subprocess.Popen[bytes], is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                how = "ended" if process.poll() is not None else f"did not answer in {PATIENCE_S:.0f} s"
                raise PlaceError(f"{name} {how}:\n{self._log(name).read_text('utf-8', 'replace')[-_TAIL:]}")
            time.sleep(0.1)


@contextmanager
def open_place(folder: Path, python: Path, base_port: int | None = None) -> Iterator[Place]:
    """Open a place for the block; afterwards nothing of it runs. The folder stays."""
    place = Place(folder, python, base_port)
    try:
        yield place
    finally:
        place.close()


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started: with patience, then at once."""
    _signal_group(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_END_S)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def kill_left_over(folder: Path) -> None:
    """Kill what is left of the recorded process groups of a place whose own process was killed.

    A process id may have been given to another since; only who works in the folder is killed.
    """
    with suppress(FileNotFoundError):
        groups = json.loads((folder / _PROCESSES).read_text("utf-8"))
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it may end meanwhile
                works_here = (process / "cwd").resolve().is_relative_to(folder)
                if works_here and os.getpgid(int(process.name)) in groups:
                    os.kill(int(process.name), signal.SIGKILL)


def new_secret() -> str:
    """Make up a password, a key or a token."""
    return secrets.token_urlsafe(24)


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def _environ(more: Mapping[str, str] | None) -> dict[str, str]:
    """Return our environment without the Python of the tests, and with more."""
    ours = {
        name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "ZOOM_OPS"))
    }
    return ours | dict(more or {})


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


def _is_answered(url: str) -> bool:
    try:
        return requests.get(url, timeout=30).ok
    except requests.RequestException:
        return False
