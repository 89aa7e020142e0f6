"""Installations to run commands in: one for each test, or one that a whole module looks at."""

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

_numbers = count(1)

MakeInstallation = Callable[..., Installation]
TellCounts = Callable[[str], None]


@pytest.fixture
def installation(tmp_path: Path, migrated_database_url: str) -> Iterator[Installation]:
    """A fresh installation, on each kind of database."""
    with install(tmp_path / "place", migrated_database_url) as made:
        yield made


@pytest.fixture(scope="module", params=EACH_DATABASE)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all tests of a module, on each kind of database."""
    folder = tmp_path_factory.mktemp("shared")
    url = f"sqlite:///{folder}/own.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create(f"shared_{next(_numbers)}")
    with install(folder / "place", url) as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    """A fresh installation without a database and out of Zoom's reach."""
    made = Installation(tmp_path / "place", "", PracticeZoom("http://127.0.0.1:1"), free_port())
    made.set(DATABASE_URL=None)
    return made


@pytest.fixture
def make_installation(tmp_path: Path, migrated_database_url: str) -> Iterator[MakeInstallation]:
    """Make a fresh installation whose practice Zoom has these options, on each kind of database."""
    with ExitStack() as stack:

        def make(**options: Any) -> Installation:
            return stack.enter_context(install(tmp_path / "place", migrated_database_url, **options))

        yield make


@pytest.fixture
def demos() -> Iterator[list[Demo]]:
    """Collect demos; those that still run at the end are killed."""
    started: list[Demo] = []
    yield started
    for demo in started:
        for path in demo.command_lines():
            os.kill(int(path.parent.name), signal.SIGKILL)


@pytest.fixture
def site() -> Iterator[EventSite]:
    """A website of events that is none of ours, for a daemon to have its home at."""
    with EventSite() as running:
        yield running


@pytest.fixture
def tell_counts(record_property: Callable[[str, object], None], database_kind: str) -> TellCounts:
    """Have what was counted printed at the end of all tests."""
    return lambda counts: record_property("counts", f"{database_kind}: {counts}")
