"""The state of the database, as `zoom-ops db` shows it."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from ...store.db.peek import peek


def describe_database(url: str) -> dict[str, Any]:
    """Return kind, address without password, size in bytes, and whether the tables are of this version."""
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
    return {"kind": kind, "address": str(path) if kind == "sqlite" else str(address), "bytes": size, "current": fits}


def _bytes(path: Path) -> int:
    """Return the size of a SQLite file with what is still in its log."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.is_file())
