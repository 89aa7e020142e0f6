"""The turns of tests that start processes: two at a time, and where one fails it is run once more, alone.

Such a test has the marker `process`. It competes for the processor with what it starts and with what others start, and
that alone can make it fail: the second run has the machine to itself. A defect fails twice.
"""

import fcntl
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest

PLACES = 2
EVERY_S = 0.05


class Turns:
    """Places that all workers of one run of tests share, as locks on files."""

    def __init__(self, run: str, places: int) -> None:
        self._files: list[TextIO] = [_path(run, number).open("w") for number in range(places)]

    def take_one(self) -> None:
        """Wait until one of the places is free, and take it."""
        while not any(_lock(file) for file in self._files):
            time.sleep(EVERY_S)

    def take_all(self) -> None:
        """Wait until all others are free, and take all: one after the other, so that nobody waits in a circle."""
        self.leave()
        for file in self._files:
            fcntl.flock(file, fcntl.LOCK_EX)

    def leave(self) -> None:
        """Leave what was taken."""
        for file in self._files:
            fcntl.flock(file, fcntl.LOCK_UN)


class TurnsOfProcesses:
    """Has each test that starts processes wait for its turn, before its time begins to count."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._patience: Any = None  # settings of pytest-timeout for the test of the moment

    @pytest.hookimpl(tryfirst=True)
    def pytest_timeout_set_timer(self, settings: Any) -> None:
        self._patience = settings

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if not item.get_closest_marker("process"):
            return (yield)
        self._turns.take_one()
        try:
            return (yield)
        finally:
            self._turns.leave()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if getattr(item, "execution_count", 1) > 1:  # set by pytest-rerunfailures
            hook = item.config.pluginmanager.hook
            hook.pytest_timeout_cancel_timer(item=item)
            self._turns.take_all()
            hook.pytest_timeout_set_timer(item=item, settings=self._patience)


def take_turns(config: pytest.Config) -> None:
    """Have the workers of a run take turns; who runs tests alone need not."""
    worker = getattr(config, "workerinput", None)
    if worker:
        places = worker["workercount"] if config.getoption("--long") else PLACES
        config.pluginmanager.register(TurnsOfProcesses(Turns(worker["testrunuid"], places)))


def forget_turns(run: str) -> None:
    """Remove the files of a run."""
    for path in Path(tempfile.gettempdir()).glob(_path(run, 0).name[:-1] + "*"):
        path.unlink(missing_ok=True)


def _path(run: str, number: int) -> Path:
    return Path(tempfile.gettempdir()) / f"zoom-ops-turn-{run}-{number}"


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
