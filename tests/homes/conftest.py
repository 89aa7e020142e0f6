"""The fixtures of tests that need a real system: `kinto`, `radicale`, `wagtail`, `wordpress`, `pretalx`, `indico`.

Each returns a Running (tests/homes/systems/running.py). A system starts only if a chosen test asks for it, by its
fixture or as a parameter. All that are needed start at once when the tests are collected, and stop at the end.
Where a test failed, their logs are kept until the next run.

`make test-homes` runs them one after another. Not to be used yet: workers (`--dist loadgroup`). Their controller starts
all systems, but tests of one system were seen to run in several workers at once, and failed.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.homes.systems.running import Running
from tests.homes.systems.starting import Started, Starting
from tests.homes.systems.system import NAMES
from tests.loopback import free_ports

_HERE = Path(__file__).parent
_PREFIX = "zoom-ops-homes-"
_PORTS = 10  # of a system at most
_TIMEOUT_S = 600  # the first test of a system waits until it has started
_WORKERS_KEY = "zoom_ops/homes"  # of what the controller tells its workers
_starting: list[Starting] = []
_started: dict[str, Started] = {}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups, and before these tests are put in order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test of a real system a second run and time enough, and put those of a system into one worker."""
    for test in items:
        if _HERE not in test.path.parents:
            continue
        test.add_marker("process")
        if not test.get_closest_marker("timeout"):
            test.add_marker(pytest.mark.timeout(_TIMEOUT_S))
        slowest = max(_ask(test), key=NAMES.index, default=None)
        if slowest:
            test.add_marker(pytest.mark.xdist_group(slowest))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start all systems before the first worker, and tell each worker where they are."""
    if node.config.option.collectonly:
        return
    if not _starting:
        _start(NAMES)
    node.workerinput[_WORKERS_KEY] = [(started.name, str(started.folder), started.pid) for started in _started.values()]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what the chosen tests ask for, or learn where it was started."""
    worker = getattr(session.config, "workerinput", None)
    if worker is not None:
        told = worker.get(_WORKERS_KEY, ())
        _started.update((name, Started(name=name, folder=Path(folder), pid=pid)) for name, folder, pid in told)
        return
    needed = {name for test in session.items for name in _ask(test)}
    if needed and not session.config.option.collectonly:
        _start(needed)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop all systems, and keep their logs if a test failed."""
    for starting in _starting:
        starting.stop()
        if session.testsfailed:
            starting.keep_logs()
    for folder in {starting.folder.parent for starting in _starting}:
        if session.testsfailed:
            session.config.get_terminal_writer().line(f"\nThe logs of the systems are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    _starting.clear()


@pytest.fixture(scope="session")
def kinto() -> Running:
    """Return the Kinto of this session."""
    return _wait("kinto")


@pytest.fixture(scope="session")
def radicale() -> Running:
    """Return the Radicale of this session."""
    return _wait("radicale")


@pytest.fixture(scope="session")
def wagtail() -> Running:
    """Return the Wagtail of this session."""
    return _wait("wagtail")


@pytest.fixture(scope="session")
def wordpress() -> Running:
    """Return the WordPress of this session."""
    return _wait("wordpress")


@pytest.fixture(scope="session")
def pretalx() -> Running:
    """Return the pretalx of this session."""
    return _wait("pretalx")


@pytest.fixture(scope="session")
def indico() -> Running:
    """Return the Indico of this session."""
    return _wait("indico")


def _wait(name: str) -> Running:
    if name not in _started:
        pytest.fail("the workers were told of no systems: name tests/homes, as `make test-homes` does", pytrace=False)
    return _started[name].wait()


def _start(needed: Iterable[str]) -> None:
    """Start systems, the slow ones first, each with ports of its own."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    names = sorted(needed, key=NAMES.index, reverse=True)
    for name, port in zip(names, free_ports(len(names), apart=_PORTS), strict=True):
        _starting.append(Starting(name, folder / name, base_port=port))
        _started[name] = _starting[-1].started


def _sweep() -> None:
    """Delete the folders of earlier sessions."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _ask(test: pytest.Item) -> Iterable[str]:
    """Iterate over the systems that a test asks for, by its fixtures or as a parameter."""
    parameters = (
        test.callspec.params.values() if isinstance(test, pytest.Function) and hasattr(test, "callspec") else ()
    )
    words = {*getattr(test, "fixturenames", ()), *(word for word in parameters if isinstance(word, str))}
    return words.intersection(NAMES)
