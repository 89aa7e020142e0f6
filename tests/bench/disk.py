"""What the disk itself commits, by SQLite with the service's durability: the peer of the intake."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure

_SECONDS = 2.0
_GROUP = 50
_ROW = b"x" * 1000


def measure_disk(folder: Path) -> Iterator[Figure]:
    """Commit rows of 1 kB one by one, then in groups, each commit with its sync."""
    connection = sqlite3.connect(folder / "disk.db", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE kept (row BLOB)")
    yield Figure(
        what="the disk: transactions of one row", measured=_commit(connection, 1), unit="a second", budget=None,
        at_least=True,
    )  # fmt: skip
    yield Figure(
        what=f"the disk: rows in transactions of {_GROUP}", measured=_commit(connection, _GROUP), unit="a second",
        budget=None, at_least=True,
    )  # fmt: skip
    connection.close()


def _commit(connection: sqlite3.Connection, rows: int) -> int:
    written, began = 0, time.monotonic()
    while time.monotonic() - began < _SECONDS:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO kept VALUES (?)", [(_ROW,)] * rows)
        connection.execute("COMMIT")
        written += rows
    return round(written / (time.monotonic() - began))
