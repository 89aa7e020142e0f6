"""The mark of an unfinished copy in the database that it goes to: whose it is, and how far it has come.

It is written in the transaction of the rows that it tells of, so a copy that was killed goes on exactly where it was.
Until it is gone no daemon starts there: half an installation would make its webinars anew.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from ...errors import ConfigurationError
from ..db.connect import Database
from ..db.upsert import upsert
from ..tables import Moment, meta
from .tables import COPY_MARK, MOVED_MARK, Key, list_tables


@dataclass(frozen=True, kw_only=True)
class CopyMark:
    """How far a copy has come."""

    installation: str  # whose records they are
    heartbeat: str  # the source's latest when the copy began: a daemon that has worked there since has left another one
    table: str | None = None  # the one under way; those before it are complete
    after: tuple[Any, ...] = ()  # the key of the latest row in it, as JSON takes it

    def at(self, table: Table, key: Key) -> "CopyMark":
        """Move on to a row."""
        written = tuple(value.isoformat() if isinstance(value, datetime) else value for value in key)
        return replace(self, table=table.name, after=written)

    def tables_left(self) -> tuple[Table, ...]:
        """List the tables that are not complete for sure."""
        tables = list_tables()
        names = [table.name for table in tables]
        return tables[names.index(self.table) :] if self.table else tables

    def after_in(self, table: Table) -> Key | None:
        """Tell after which key a table goes on; None: from its beginning."""
        if table.name != self.table:
            return None
        columns = zip(table.primary_key, self.after, strict=True)
        return tuple(datetime.fromisoformat(v) if isinstance(column.type, Moment) else v for column, v in columns)


def find_mark(connection: Connection) -> CopyMark | None:
    """Find the mark of an unfinished copy."""
    value = _find(connection, COPY_MARK)
    if value is None:
        return None
    told = json.loads(value)
    return CopyMark(**told | {"after": tuple(told["after"])})


def write_mark(connection: Connection, mark: CopyMark) -> None:
    """Write how far a copy has come."""
    upsert(connection, meta, {"name": COPY_MARK}, {"value": json.dumps(asdict(mark))})


def clear_mark(connection: Connection) -> None:
    """Say that the copy is whole."""
    connection.execute(delete(meta).where(meta.c.name == COPY_MARK))


def begin_mark(source: Connection) -> CopyMark:
    """Make the mark of a copy that has not begun."""
    return CopyMark(
        installation=_find(source, "installation") or "",
        heartbeat=_find(source, "heartbeat") or "",
    )


def refuse_half_copied(database: Database) -> None:
    """Raise ConfigurationError for a database that only half an installation was copied to."""
    with database.read() as connection:
        unfinished = find_mark(connection)
    if unfinished:
        raise ConfigurationError(
            "A copy into this database was begun and is not whole: give the same `zoom-ops db copy` again to finish it."
        )


def mark_moved(source: Connection, target: str) -> None:
    """Say in a database that its installation is elsewhere from now on."""
    upsert(source, meta, {"name": MOVED_MARK}, {"value": target})


def take_back(connection: Connection) -> bool:
    """Forget that it was moved; False where it was not."""
    return connection.execute(delete(meta).where(meta.c.name == MOVED_MARK)).rowcount == 1


def refuse_moved(database: Database) -> None:
    """Raise ConfigurationError for a database whose installation was moved to another one."""
    with database.read() as connection:
        refuse_moved_from(connection)


def refuse_moved_from(connection: Connection) -> None:
    """Raise ConfigurationError for the database of a connection whose installation was moved to another one."""
    if target := _find(connection, MOVED_MARK):
        raise ConfigurationError(
            f"This installation was moved to {target}: set DATABASE_URL to it. If nothing has worked there yet, and "
            "nothing ever will: zoom-ops db take-back"
        )


def _find(connection: Connection, name: str) -> str | None:
    value: str | None = connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one_or_none()
    return value
