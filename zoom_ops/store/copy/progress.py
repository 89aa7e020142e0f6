"""The mark of an unfinished copy in the target database: its source and its progress.

The mark is written in the transaction of the rows that it counts, so a killed copy resumes exactly where it was.
No daemon starts on a database with a mark: an incomplete installation would create its webinars a second time.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from ...errors import ConfigurationError
from ..db.connect import Database
from ..db.facts import find_fact, forget_facts, keep_fact
from ..tables import Moment, metadata

COPY_MARK = "copy"  # the row of meta with the progress of a copy into this database
MOVED_MARK = "moved"  # the row of meta with the database that the installation has moved to
STAYS = (  # rows of meta that belong to the database and not to the installation
    COPY_MARK,
    MOVED_MARK,
    "heartbeat",  # a daemon's sign of life
    "stopped",  # a daemon's clean stop
    "tables_fit_from",  # written by the migrations
)

Key = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class CopyMark:
    """The progress of a copy."""

    installation: str  # the owner of the records
    heartbeat: str  # of the source when the copy began; a later one shows that a daemon has worked there since
    table: str | None = None  # the current one; those before it are complete
    after: tuple[Any, ...] = ()  # key of the last copied row in it, as JSON values

    def at(self, table: Table, key: Key) -> "CopyMark":
        """Return the mark moved on to a row."""
        written = tuple(value.isoformat() if isinstance(value, datetime) else value for value in key)
        return replace(self, table=table.name, after=written)

    def tables_left(self) -> tuple[Table, ...]:
        """List the tables that may be incomplete."""
        tables = tuple(metadata.sorted_tables)  # each after those that it refers to; a mark counts on this order
        names = [table.name for table in tables]
        return tables[names.index(self.table) :] if self.table else tables

    def after_in(self, table: Table) -> Key | None:
        """Return the key after which the copy of a table resumes; None: from its beginning."""
        if table.name != self.table:
            return None
        columns = zip(table.primary_key, self.after, strict=True)
        return tuple(datetime.fromisoformat(v) if isinstance(column.type, Moment) else v for column, v in columns)


def find_mark(connection: Connection) -> CopyMark | None:
    """Find the mark of an unfinished copy, or None."""
    value = find_fact(connection, COPY_MARK)
    if value is None:
        return None
    fields = json.loads(value)
    return CopyMark(**fields | {"after": tuple(fields["after"])})


def write_mark(connection: Connection, mark: CopyMark) -> None:
    """Write the progress of a copy."""
    keep_fact(connection, COPY_MARK, json.dumps(asdict(mark)))


def clear_mark(connection: Connection) -> None:
    """Delete the mark: the copy is complete."""
    forget_facts(connection, COPY_MARK)


def begin_mark(source: Connection) -> CopyMark:
    """Build the mark of a copy that has not begun."""
    installation, heartbeat = (find_fact(source, name) or "" for name in ("installation", "heartbeat"))
    return CopyMark(installation=installation, heartbeat=heartbeat)


def refuse_half_copied(database: Database) -> None:
    """Raise ConfigurationError for the target of a copy that is not complete."""
    with database.read() as connection:
        unfinished = find_mark(connection)
    if unfinished:
        raise ConfigurationError(
            "A copy into this database was begun and is not whole: give the same `zoom-ops db copy` again to finish it."
        )


def mark_moved(source: Connection, target: str) -> None:
    """Note in a database that its installation has moved to another one."""
    keep_fact(source, MOVED_MARK, target)


def take_back(connection: Connection) -> bool:
    """Forget that the installation was moved; return False where it was not."""
    return forget_facts(connection, MOVED_MARK)


def refuse_moved(database: Database) -> None:
    """Raise ConfigurationError for a database whose installation has moved to another one."""
    with database.read() as connection:
        refuse_moved_from(connection)


def refuse_moved_from(connection: Connection) -> None:
    """Raise ConfigurationError if the installation in the database of a connection has moved to another one."""
    if target := find_fact(connection, MOVED_MARK):
        raise ConfigurationError(
            f"This installation was moved to {target}: set DATABASE_URL to it. If nothing has worked there yet, and "
            "nothing ever will: zoom-ops db take-back"
        )
