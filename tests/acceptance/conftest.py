"""Installations to run commands in: one for each test, or one that a whole module looks at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation, install


@pytest.fixture
def installation(tmp_path: Path, migrated_database_url: str) -> Iterator[Installation]:
    """A fresh installation, on each kind of database."""
    with install(tmp_path / "place", migrated_database_url) as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation whose database is not made yet: the SQLite file of its data folder."""
    with install(tmp_path / "place", "sqlite:///unused") as made:
        made.set(DATABASE_URL=None)
        yield made
