"""Copy all rows of one database to another, in chunks that are committed, each with how far it has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Connection, Table, delete, func, insert, select

from ..errors import ZoomOpsError
from .connect import Database
from .copy_mark import CopyMark, clear_mark, write_mark
from .copy_refused import is_refusal, why_refused
from .copy_tables import STAYS, Row, iter_chunks, key_of, list_tables
from .tables import meta

Tell = Callable[[int], None]
"""Called after each chunk with the number of its rows."""


@contextmanager
def held_still(source: Database) -> Iterator[Connection]:
    """Keep everybody from writing to the source during the block, a process that only takes notifications, too."""
    with source.begin() as connection:
        if source.is_sqlite:  # its one writer are we; letters that are none are read, so that their row can be named
            driver = connection.connection.dbapi_connection
            driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")  # type: ignore[union-attr]
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            names = ", ".join(f'"{table.name}"' for table in list_tables())
            connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
        yield connection


def start_copy(target: Database, mark: CopyMark) -> None:
    """Mark the target, and take out of its meta what an installation without records has made there at a start."""
    with target.begin() as connection:
        connection.execute(delete(meta).where(meta.c.name.not_in(STAYS)))
        write_mark(connection, mark)


def copy_rows(source: Connection, target: Database, mark: CopyMark, tell: Tell) -> None:
    """Copy what the mark says is not there yet; raise PermanentError naming what the target does not take."""
    for table in mark.tables_left():
        for rows in iter_chunks(source, table, mark.after_in(table)):
            mark = mark.at(table, key_of(table, rows[-1]))
            _write(target, table, rows, mark)
            tell(len(rows))


def finish_copy(target: Database) -> None:
    """Have numbers go on after the highest that was copied, and take the mark away."""
    with target.begin() as connection:
        if not target.is_sqlite:  # which counts on from the highest by itself
            for table in list_tables():
                _count_on(connection, table)
        clear_mark(connection)


def _write(target: Database, table: Table, rows: list[Row], mark: CopyMark) -> None:
    try:
        with target.begin(durable=False) as connection:
            connection.execute(insert(table), rows)
            write_mark(connection, mark)
    except (ZoomOpsError, UnicodeEncodeError) as error:
        if not is_refusal(error):
            raise
        raise why_refused(target, table, rows) from error


def _count_on(connection: Connection, table: Table) -> None:
    column: Column[int] | None = table.autoincrement_column
    if column is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        highest = func.coalesce(func.max(column), 1)
        connection.execute(select(func.setval(sequence, highest, func.count() > 0)).select_from(table))
