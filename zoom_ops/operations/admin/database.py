"""The state of the database, as `zoom-ops db` shows it."""

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from ...store.db.connect import open_database
from ...store.db.migrate import tables_fit
from ...store.db.peek import peek


def describe_database(url: str) -> dict[str, Any]:
    """Return kind, address without password, size in bytes, and whether the tables are of this version.

    Raise ConfigurationError for a broken file.
    """
    address = make_url(url)
    kind, path = address.get_backend_name(), Path(address.database or "")
    with peek(url) as connection:
        size = None
        if connection is not None:
            on_server = kind == "postgresql"
            size = (
                connection.scalar(select(func.pg_database_size(func.current_database()))) if on_server else _bytes(path)
            )
        fits = connection is not None
    if not fits and kind == "sqlite" and path.is_file():
        with closing(open_database(url)) as database:
            tables_fit(database)
    return {"kind": kind, "address": str(path) if kind == "sqlite" else str(address), "bytes": size, "current": fits}


def _bytes(path: Path) -> int:
    """Return the size of a SQLite file with what is still in its log."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.is_file())
