"""Copy a SQLite database while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from ..errors import BadInputError
from .connect import Database


def back_up(database: Database, target: Path) -> int:
    """Copy the database to a new file, checked for integrity; tell its size in bytes."""
    if not database.is_sqlite:
        raise BadInputError("This is a PostgreSQL database: pg_dump backs it up.")
    if target.exists():
        raise BadInputError("There is a file of that name already.", file=str(target))
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with (
            closing(sqlite3.connect(str(database.engine.url.database))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except (sqlite3.Error, OSError) as error:
        raise BadInputError(f"The copy could not be written: {error}.", file=str(target)) from error
    if verdict != "ok":
        raise BadInputError(f"The copy is not sound: {verdict}.", file=str(target))
    return target.stat().st_size
