"""Copy and comparison of all rows of two databases, in chunks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, delete, func, insert, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from ...errors import PermanentError, ZoomOpsError, first_line
from ..db.connect import Database
from ..tables import meta
from .progress import CopyMark, clear_mark, write_mark
from .tables import STAYS, Row, count_rows, is_words, iter_chunks, key_of, list_tables, load_rows, name_row


def iter_differences(source: Connection, target: Connection, tell: Callable[[int], None]) -> Iterator[str]:
    """Yield a sentence for each row of the source that is missing or different in the target, and for excess rows.

    Every row is looked up by its key. Where none is missing, equal numbers of rows prove that there are no others.
    The sentences contain keys and column names but no other values, which may be secrets. `tell` is called after each
    chunk with the number of its rows.
    """
    for table in list_tables():
        words = [c for c in table.columns if is_words(c, source.dialect) or is_words(c, target.dialect)]
        for rows in iter_chunks(source, table):
            yield from _iter_differing(target, table, rows, words)
            tell(len(rows))
    copied = count_rows(target)
    for name, count in count_rows(source).items():
        if count != copied[name]:
            yield f"{name}: {count:,} rows in the source, {copied[name]:,} in the target."


def _iter_differing(target: Connection, table: Table, rows: list[Row], words: list[Column[Any]]) -> Iterator[str]:
    by_key = {key_of(table, row): row for row in rows}
    copied = load_rows(target, table, list(by_key))
    for key, row in by_key.items():
        if key not in copied:
            yield f"{name_row(table, key)}: missing in the target."
        elif other := _other_columns(row, copied[key], words):
            yield f"{name_row(table, key)}: {', '.join(other)} other in the target."


def _other_columns(row: Row, copied: Row, words: list[Column[Any]]) -> list[str]:
    for column in words:  # each database has its own order of the words
        row, copied = ({**values, column.name: set(values[column.name].split())} for values in (row, copied))
    return [name for name, value in row.items() if value != copied[name]]


MOST_TOLD = 10  # rows that an error names
_LARGEST_INTEGER = 2**31 - 1


def is_refusal(error: Exception) -> bool:
    """Return whether an error is about the written values, and not about a database that does not answer."""
    return isinstance(error, UnicodeEncodeError) or isinstance(
        error.__cause__, DataError | IntegrityError | ProgrammingError
    )


def why_refused(target: Database, table: Table, rows: list[Row]) -> PermanentError:
    """Build the error that names the faults of rows that the target refused together."""
    faults = [sentence for row in rows for sentence in _iter_faults(table, row)] or list(_try_each(target, table, rows))
    error = PermanentError(
        f"The target does not take {len(faults)} of the next {len(rows)} rows of {table.name}. Mend them in the source "
        "(its daemon stopped) and give the same command again: it goes on where it was. Nothing is lost."
    )
    for sentence in faults[:MOST_TOLD]:
        error.add_note(sentence)
    return error


def _iter_faults(table: Table, row: Row) -> Iterator[str]:
    """Yield a sentence for each value of a row that PostgreSQL does not take."""
    for column in table.columns:
        if fault := _find_fault(column, row[column.name]):
            yield f"{name_row(table, key_of(table, row))}: {column.name} {fault}."


def _find_fault(column: Column[Any], value: Any) -> str | None:
    if isinstance(value, str):
        return _find_text_fault(column, value)
    if isinstance(value, int) and isinstance(column.type, Integer) and not isinstance(column.type, BigInteger):
        return "is a number too large" if abs(value) > _LARGEST_INTEGER else None
    return None


def _find_text_fault(column: Column[Any], value: str) -> str | None:
    if "\0" in value:
        return "holds a NUL character"
    if not _is_unicode(value):
        return "holds bytes that are no text in UTF-8"
    most = column.type.length if isinstance(column.type, String) else None
    return f"is longer than {most} characters" if most is not None and len(value) > most else None


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _try_each(target: Database, table: Table, rows: list[Row]) -> Iterator[str]:
    """Insert one row after the other, roll all back, and yield the database's reason for each refused row."""
    with target.begin() as connection, connection.begin_nested() as all_rows:
        for row in rows:
            try:
                with connection.begin_nested():
                    connection.execute(insert(table), row)
            except (DBAPIError, UnicodeEncodeError) as error:
                reason = error.orig if isinstance(error, DBAPIError) else error.reason
                yield f"{name_row(table, key_of(table, row))}: {first_line(reason)}."
        all_rows.rollback()


Tell = Callable[[int], None]
"""Called after each chunk with the number of its rows."""


@contextmanager
def held_still(source: Database) -> Iterator[Connection]:
    """Block all writers of the source during the block, also a process that only takes notifications."""
    with source.begin() as connection:
        if source.is_sqlite:  # we hold its write lock; invalid UTF-8 is read too, so that an error can name its row
            driver = connection.connection.dbapi_connection
            driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")  # type: ignore[union-attr]
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            names = ", ".join(f'"{table.name}"' for table in list_tables())
            connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
        yield connection


def start_copy(target: Database, mark: CopyMark) -> None:
    """Write the mark into the target, and delete the rows of meta that a first start has written there."""
    with target.begin() as connection:
        connection.execute(delete(meta).where(meta.c.name.not_in(STAYS)))
        write_mark(connection, mark)


def copy_rows(source: Connection, target: Database, mark: CopyMark, tell: Tell) -> None:
    """Copy what is left according to the mark; raise PermanentError that names the rows which the target refuses."""
    for table in mark.tables_left():
        for rows in iter_chunks(source, table, mark.after_in(table)):
            mark = mark.at(table, key_of(table, rows[-1]))
            _write(target, table, rows, mark)
            tell(len(rows))


def finish_copy(target: Database) -> None:
    """Set the sequences to continue after the highest copied number, and delete the mark."""
    with target.begin() as connection:
        if not target.is_sqlite:  # SQLite continues after the highest number by itself
            for table in list_tables():
                _set_sequence(connection, table)
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


def _set_sequence(connection: Connection, table: Table) -> None:
    column: Column[int] | None = table.autoincrement_column
    if column is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        highest = func.coalesce(func.max(column), 1)
        connection.execute(select(func.setval(sequence, highest, func.count() > 0)).select_from(table))
