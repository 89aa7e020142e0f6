"""Copy a SQLite database while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from ...errors import BadInputError
from .connect import Database


def back_up(database: Database, target: Path) -> int:
    """Copy a SQLite database to a new file, check the copy's integrity and return its size in bytes.

    Raises BadInputError for a PostgreSQL database, for a target that exists, and for a copy that cannot be written or
    fails the check.
    """
    if not database.is_sqlite:
        raise BadInputError("This is a PostgreSQL database: pg_dump backs it up.")
    if target.exists():
        raise BadInputError("There is a file of that name already.", file=str(target))
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise _write_failed(error, target) from error
    try:
        with (
            closing(sqlite3.connect(str(database.engine.url.database))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            verdict: str = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)  # an incomplete copy is of no use
        raise _write_failed(error, target) from error
    if verdict != "ok":
        raise BadInputError(f"The copy is not sound: {verdict}.", file=str(target))
    return target.stat().st_size


def _write_failed(error: Exception, target: Path) -> BadInputError:
    return BadInputError(f"The copy could not be written: {error}.", file=str(target))
