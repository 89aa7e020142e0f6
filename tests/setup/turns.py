"""Turns of tests that start processes: a failed one runs once more, alone, and some are alone from the beginning.

Such a test has the marker `process`. It competes for the processor with all tests and their processes, and that alone
can make it fail. In the second run it has the machine to itself, so a real defect fails twice. Each worker takes a
place for each test, and all places for a second run, or for a test with the marker `alone`: it measures what others
take away.
"""

import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import pytest

EVERY_S = 0.05
_FOLDER = "zoom_ops/turns"  # key of the input of a worker


class Turns:
    """Places behind one door, as file locks, that all workers of one test run share."""

    def __init__(self, folder: Path, places: int) -> None:
        self._door: TextIO = (folder / "door").open("w")
        self._files: list[TextIO] = [(folder / str(number)).open("w") for number in range(places)]

    def take_one(self) -> None:
        """Wait until the door is open and a place is free, and take it."""
        while not self._takes_one():
            time.sleep(EVERY_S)

    def take_all(self) -> None:
        """Close the door, so that nobody comes in meanwhile; wait until all places are free, and take them."""
        self.leave()
        for file in (self._door, *self._files):
            fcntl.flock(file, fcntl.LOCK_EX)

    def leave(self) -> None:
        """Release the taken places, and open the door if it was closed here."""
        for file in (*self._files, self._door):
            fcntl.flock(file, fcntl.LOCK_UN)

    def _takes_one(self) -> bool:
        if not _lock(self._door, fcntl.LOCK_SH):
            return False
        try:
            return any(_lock(file, fcntl.LOCK_EX) for file in self._files)
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)


class TurnsOfTests:
    """Lets each test wait for its turn before its time-out starts, in each of its runs.

    Without other workers there are no `turns` and no waiting.
    """

    def __init__(self, turns: Turns | None) -> None:
        self._turns = turns
        self._test: pytest.Item | None = None
        self._timeout: Any = None  # settings of pytest-timeout for the current test

    @pytest.hookimpl(tryfirst=True)
    def pytest_timeout_set_timer(self, settings: Any) -> None:
        self._timeout = settings

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._test, self._timeout = item, None
        if not self._turns:
            return (yield)
        if item.get_closest_marker("alone"):
            self._turns.take_all()
        else:
            self._turns.take_one()
        try:
            return (yield)
        finally:
            self._turns.leave()

    @pytest.hookimpl(trylast=True)  # after the failure has been reported
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Wait until the test has the machine to itself, and restart its time-out."""
        if report.outcome != "rerun" or not self._test:
            return
        hook = self._test.config.pluginmanager.hook
        hook.pytest_timeout_cancel_timer(item=self._test)
        if self._turns:
            self._turns.take_all()
        if self._timeout:
            hook.pytest_timeout_set_timer(item=self._test, settings=self._timeout)


class TurnsOfWorkers:
    """Creates the folder of the places and passes it to the workers of a run."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="zoom_ops-turns-")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[_FOLDER] = self._folder.name

    def pytest_unconfigure(self) -> None:
        self._folder.cleanup()


def take_turns(config: pytest.Config) -> None:
    """Register the plugins that let the tests of this process take turns with those of other workers."""
    worker = getattr(config, "workerinput", None)
    turns = Turns(Path(worker[_FOLDER]), worker["workercount"]) if worker else None
    if not worker:
        config.pluginmanager.register(TurnsOfWorkers())
    config.pluginmanager.register(TurnsOfTests(turns))


def _lock(file: TextIO, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
