"""The growth of a database: rows and bytes of each table, with its indexes."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, inspect, select, text

from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import metadata


@dataclass(frozen=True, kw_only=True)
class Size:
    """The size of a table."""

    rows: int
    bytes: int

    def __sub__(self, other: "Size") -> "Size":
        return Size(rows=self.rows - other.rows, bytes=self.bytes - other.bytes)


def measure_sizes(database: Database) -> dict[str, Size]:
    """Measure each table of a SQLite database with its indexes."""
    with database.read() as connection:
        rows = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }
        indexes = {
            index["name"]: name for name in rows for index in inspect(connection).get_indexes(name) if index["name"]
        }
        owned: dict[str, int] = dict.fromkeys(rows, 0)
        for name, size in connection.execute(text("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")):
            owner = _owner(name, indexes)
            owned[owner] = owned.get(owner, 0) + size
    return {name: Size(rows=rows.get(name, 0), bytes=size) for name, size in owned.items()}


def grown(before: Mapping[str, Size], after: Mapping[str, Size]) -> dict[str, Size]:
    """Return the growth of each table."""
    nothing = Size(rows=0, bytes=0)
    return {name: size - before.get(name, nothing) for name, size in after.items()}


def _owner(name: str, indexes: Mapping[str, str]) -> str:
    """Return the table that a table or index of the database belongs to."""
    if name.startswith("event_fts"):
        return "event_text"
    if name.startswith("sqlite_autoindex_"):
        return name.removeprefix("sqlite_autoindex_").rpartition("_")[0]
    return indexes.get(name, name)
