"""Systems as processes of their own, so that several start at the same time."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.homes.systems.place import PlaceError, kill_left_over
from tests.homes.systems.running import Running
from tests.root import ROOT
from tests.waiting import wait_until

_START_S = 900.0  # with an installation, on a busy machine
_STOP_S = 60.0


class Starting:
    """A system that starts in a process of its own. It ends with this process, unless it is detached."""

    def __init__(self, name: str, folder: Path, *, base_port: int | None = None, detached: bool = False) -> None:
        make_empty(folder)
        self.folder, self._name = folder, name
        words = [sys.executable, "-m", "tests.homes.systems", "start", name, "--dir", str(folder)]
        if base_port:
            words += ["--base-port", str(base_port)]
        prefix = [] if detached else ["setpriv", "--pdeathsig", "TERM", "--"]
        with (folder / "start.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*prefix, *words], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> Running:
        """Wait until the system answers; raise PlaceError with what it said if it ends instead."""
        wait_until(
            lambda: _result(self.folder).exists() or self._process.poll() is not None, self._said, patience_s=_START_S
        )
        if self._process.poll() is not None:
            raise PlaceError(f"{self._name} did not start:\n{self._said()}")
        return Running.from_json(_result(self.folder).read_text("utf-8"))

    def stop(self) -> None:
        """Stop the system, and kill what is left of it."""
        _stop(self._process.pid, self.folder)
        self._process.wait()

    def keep_logs(self) -> None:
        """Delete the folder but for the logs."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name != "logs":
                shutil.rmtree(path, ignore_errors=True)

    def _said(self) -> str:
        return (self.folder / "start.log").read_text("utf-8", "replace")[-4_000:]


def save_result(running: Running) -> None:
    """Tell those who wait that a system answers. They never see half of the file."""
    path = _result(Path(running.folder))
    running.save(path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)


def make_empty(folder: Path) -> None:
    """Make the folder of a system. What was started there before ends, and what it left is deleted."""
    if _pid(folder).exists():
        stop_folder(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def enter(folder: Path) -> None:
    """Make the folder of the system that this process runs, and write down that it does."""
    make_empty(folder)
    _pid(folder).write_text(str(os.getpid()), "utf-8")


def stop_folder(folder: Path) -> None:
    """Stop the system that was started in a folder, and kill what is left of it."""
    _stop(int(_pid(folder).read_text("utf-8")), folder)


def _stop(pid: int, folder: Path) -> None:
    try:
        if _is_ours(pid):
            os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not _is_ours(pid), f"the end of the system in {folder}", patience_s=_STOP_S)
    except AssertionError:
        os.kill(pid, signal.SIGKILL)
    kill_left_over(folder)


def _result(folder: Path) -> Path:
    return folder / "running.json"


def _pid(folder: Path) -> Path:
    return folder / "pid"


def _is_ours(pid: int) -> bool:
    """Return whether a process runs and is one of ours: its id may have been given to another.

    Its words are empty for a moment while it becomes another program, and where it has ended and nobody waited for it.
    """
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX" and (not words or b"tests.homes.systems" in words)
