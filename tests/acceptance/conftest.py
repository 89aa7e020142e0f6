"""Installations to run commands in: a new one for each test, or one shared by a module."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli.demos import Demo
from tests.acceptance.event_site import EventSite
from tests.acceptance.installation import Installation, install
from tests.conftest import EACH_DATABASE
from tests.integration.service import PracticeZoom
from tests.loopback import free_port
from tests.setup.postgres import Cluster, find_programs, run_cluster

_numbers = count(1)

MakeInstallation = Callable[..., Installation]
TellCounts = Callable[[str], None]


@pytest.fixture
def own_cluster(postgres: Cluster) -> Iterator[Cluster]:
    """A PostgreSQL server of this test alone, which the test may stop."""
    programs = find_programs()
    assert programs
    with run_cluster(programs) as cluster:
        yield cluster


@pytest.fixture
def installation(tmp_path: Path, migrated_database_url: str) -> Iterator[Installation]:
    """A new installation, on each kind of database."""
    with install(tmp_path / "place", migrated_database_url) as installation:
        yield installation


@pytest.fixture(scope="module", params=EACH_DATABASE)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all tests of a module, on each kind of database."""
    folder = tmp_path_factory.mktemp("shared")
    url = f"sqlite:///{folder}/own.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create(f"shared_{next(_numbers)}")
    with install(folder / "place", url) as installation:
        yield installation


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    """A new installation without a database that cannot reach Zoom."""
    installation = Installation(tmp_path / "place", "", PracticeZoom("http://127.0.0.1:1"), free_port())
    installation.set(DATABASE_URL=None)
    return installation


@pytest.fixture
def make_installation(tmp_path: Path, migrated_database_url: str) -> Iterator[MakeInstallation]:
    """Make a new installation whose practice Zoom has these options, on each kind of database."""
    with ExitStack() as stack:

        def make(**options: Any) -> Installation:
            return stack.enter_context(install(tmp_path / "place", migrated_database_url, **options))

        yield make


@pytest.fixture
def demos() -> Iterator[list[Demo]]:
    """Collect demos; kill those that still run at the end."""
    started: list[Demo] = []
    yield started
    for demo in started:
        for path in demo.command_lines():
            os.kill(int(path.parent.name), signal.SIGKILL)


@pytest.fixture
def site() -> Iterator[EventSite]:
    """A website of events outside the product, which a daemon can use as its home."""
    with EventSite() as running:
        yield running


@pytest.fixture
def tell_counts(record_property: Callable[[str, object], None], database_kind: str) -> TellCounts:
    """Return a function whose text is printed at the end of the test run."""
    return lambda counts: record_property("counts", f"{database_kind}: {counts}")
