"""Tables that repeated statements make are those that the migrations make."""

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from tests.setup.once.tables import make_tables_once
from tests.setup.postgres import Cluster
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.migrate import upgrade


def migrate(url: str) -> str:
    """Make the tables; return the address."""
    database = open_database(url)
    upgrade(database)
    database.close()
    return url


def list_statements(path: Path) -> list[str]:
    """List the statements that make a SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def dump(cluster: Cluster, url: str) -> list[str]:
    """List the lines that make a PostgreSQL database."""
    dumped = subprocess.run([cluster.programs / "pg_dump", url], capture_output=True, text=True, check=True).stdout
    return [line for line in dumped.splitlines() if not re.match(r"\\(un)?restrict ", line)]  # with a random key


@pytest.fixture(autouse=True)
def nothing_made_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first database be migrated, and the second one be made like it."""
    monkeypatch.setattr(command, "upgrade", command.upgrade)  # as it was, after the test
    make_tables_once()


def test_tables_in_sqlite(tmp_path: Path) -> None:
    migrated, repeated = (tmp_path / f"{name}.db" for name in ("migrated", "repeated"))

    for path in (migrated, repeated):
        migrate(f"sqlite:///{path}")

    assert list_statements(repeated) == list_statements(migrated)


def test_tables_in_postgresql(postgres: Cluster) -> None:
    urls = [migrate(postgres.create(f"made_{name}")) for name in ("by_migrations", "again")]

    migrated, repeated = (dump(postgres, url) for url in urls)

    assert repeated == migrated
