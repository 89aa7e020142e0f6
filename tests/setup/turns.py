"""The turns of tests that start processes: two at a time, and where one fails it is run once more, alone.

Such a test has the marker `process`. It competes for the processor with what it starts and with what others start, and
that alone can make it fail: the second run has the machine to itself. A defect fails twice.
"""

import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import pytest

PLACES = 2
EVERY_S = 0.05
_FOLDER = "zoom_ops/turns"  # in what a worker is told


class Turns:
    """Places that all workers of one run of tests share, as locks on files."""

    def __init__(self, folder: Path, places: int) -> None:
        self._files: list[TextIO] = [(folder / str(number)).open("w") for number in range(places)]

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
    """Has each test that starts processes wait for its turn, before its time begins to count: each time that it is run.

    Who runs tests alone has no `turns` to wait for.
    """

    def __init__(self, turns: Turns | None) -> None:
        self._turns = turns
        self._test: pytest.Item | None = None
        self._patience: Any = None  # settings of pytest-timeout for the test of the moment

    @pytest.hookimpl(tryfirst=True)
    def pytest_timeout_set_timer(self, settings: Any) -> None:
        self._patience = settings

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._test, self._patience = item, None
        if not self._turns or not item.get_closest_marker("process"):
            return (yield)
        self._turns.take_one()
        try:
            return (yield)
        finally:
            self._turns.leave()

    @pytest.hookimpl(trylast=True)  # when the failure has been told
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Wait until the test has the machine to itself, and have its time begin to count anew."""
        if report.outcome != "rerun" or not self._test:
            return
        hook = self._test.config.pluginmanager.hook
        hook.pytest_timeout_cancel_timer(item=self._test)
        if self._turns:
            self._turns.take_all()
        if self._patience:
            hook.pytest_timeout_set_timer(item=self._test, settings=self._patience)


class TurnsOfWorkers:
    """Gives the workers of a run the folder of their places."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="zoom_ops-turns-")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[_FOLDER] = self._folder.name

    def pytest_unconfigure(self) -> None:
        self._folder.cleanup()


def take_turns(config: pytest.Config) -> None:
    """Have the tests of this process take turns with those of the other workers, if there are any."""
    worker = getattr(config, "workerinput", None)
    turns = None
    if worker:
        turns = Turns(Path(worker[_FOLDER]), worker["workercount"] if config.getoption("--long", False) else PLACES)
    else:
        config.pluginmanager.register(TurnsOfWorkers())
    config.pluginmanager.register(TurnsOfProcesses(turns))


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
