"""The fixtures of tests that need a real system: `kinto`, `radicale`, `wagtail`, `wordpress`, `pretalx`, `indico`.

Each returns a Running (tests/homes/systems/running.py). A system starts only if a chosen test asks for it, by its
fixture or as a parameter. All that are needed start at once when the tests are collected, and stop at the end.
Where a test failed, their logs are kept until the next run. `make test-homes` runs the tests one after another: they
share the systems.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.homes.systems.running import Running
from tests.homes.systems.starting import Starting
from tests.homes.systems.system import NAMES
from tests.loopback import free_ports

_HERE = Path(__file__).parent
_PREFIX = "zoom-ops-homes-"
_PORTS = 10  # of a system at most
_TIMEOUT_S = 600  # the first test of a system waits until it has started
_starting: dict[str, Starting] = {}


@pytest.hookimpl(tryfirst=True)  # before these tests are put in order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test of a real system a second run and time enough."""
    for test in items:
        if _HERE not in test.path.parents:
            continue
        test.add_marker("process")
        if not test.get_closest_marker("timeout"):
            test.add_marker(pytest.mark.timeout(_TIMEOUT_S))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what the chosen tests ask for, the slow ones first, each with ports of its own."""
    needed = {name for test in session.items for name in _ask(test)}
    if not needed or session.config.option.collectonly:
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    names = sorted(needed, key=NAMES.index, reverse=True)
    for name, port in zip(names, free_ports(len(names), apart=_PORTS), strict=True):
        _starting[name] = Starting(name, folder / name, base_port=port)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop all systems, and keep their logs if a test failed."""
    for starting in _starting.values():
        starting.stop()
        if session.testsfailed:
            starting.keep_logs()
    for folder in {starting.folder.parent for starting in _starting.values()}:
        if session.testsfailed:
            session.config.get_terminal_writer().line(f"\nThe logs of the systems are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    _starting.clear()


@pytest.fixture(scope="session")
def kinto() -> Running:
    """Return the Kinto of this session."""
    return _starting["kinto"].wait()


@pytest.fixture(scope="session")
def radicale() -> Running:
    """Return the Radicale of this session."""
    return _starting["radicale"].wait()


@pytest.fixture(scope="session")
def wagtail() -> Running:
    """Return the Wagtail of this session."""
    return _starting["wagtail"].wait()


@pytest.fixture(scope="session")
def wordpress() -> Running:
    """Return the WordPress of this session."""
    return _starting["wordpress"].wait()


@pytest.fixture(scope="session")
def pretalx() -> Running:
    """Return the pretalx of this session."""
    return _starting["pretalx"].wait()


@pytest.fixture(scope="session")
def indico() -> Running:
    """Return the Indico of this session."""
    return _starting["indico"].wait()


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
