"""Copy all rows of one database to another in chunks, compare them, and name a row that is refused."""

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
    """Say which rows of the source are missing or other in the target, and which tables hold more there.

    Every row is looked up by its key; where none is missing, an equal number of rows says that there are no others.
    No values are told: they may be secrets.
    """
    for table in list_tables():
        words = [c for c in table.columns if is_words(c, source.dialect) or is_words(c, target.dialect)]
        for rows in iter_chunks(source, table):
            yield from _differing(target, table, rows, words)
            tell(len(rows))
    there = count_rows(target)
    for name, count in count_rows(source).items():
        if count != there[name]:
            yield f"{name}: {count:,} rows in the source, {there[name]:,} in the target."


def _differing(target: Connection, table: Table, rows: list[Row], words: list[Column[Any]]) -> Iterator[str]:
    wanted = {key_of(table, row): row for row in rows}
    found = load_rows(target, table, list(wanted))
    for key, row in wanted.items():
        if key not in found:
            yield f"{name_row(table, key)}: missing in the target."
        elif other := _other_columns(row, found[key], words):
            yield f"{name_row(table, key)}: {', '.join(other)} other in the target."


def _other_columns(row: Row, copied: Row, words: list[Column[Any]]) -> list[str]:
    for column in words:  # whose order each database has for itself
        row, copied = ({**one, column.name: set(one[column.name].split())} for one in (row, copied))
    return [name for name, value in row.items() if value != copied[name]]


MOST_TOLD = 10
_LARGEST_INTEGER = 2**31 - 1


def is_refusal(error: Exception) -> bool:
    """Tell whether an error is about what was to be written, and not about a database that does not answer."""
    return isinstance(error, UnicodeEncodeError) or isinstance(
        error.__cause__, DataError | IntegrityError | ProgrammingError
    )


def why_refused(target: Database, table: Table, rows: list[Row]) -> PermanentError:
    """Build the error that names what is wrong with rows that were refused together."""
    found = [sentence for row in rows for sentence in _complaints(table, row)] or list(_tried(target, table, rows))
    error = PermanentError(
        f"The target does not take {len(found)} of the next {len(rows)} rows of {table.name}. Mend them in the source "
        "(its daemon stopped) and give the same command again: it goes on where it was. Nothing is lost."
    )
    for sentence in found[:MOST_TOLD]:
        error.add_note(sentence)
    return error


def _complaints(table: Table, row: Row) -> Iterator[str]:
    """Say what is wrong with a row, by what PostgreSQL takes."""
    for column in table.columns:
        if wrong := _wrong(column, row[column.name]):
            yield f"{name_row(table, key_of(table, row))}: {column.name} {wrong}."


def _wrong(column: Column[Any], value: Any) -> str | None:
    if isinstance(value, str):
        return _wrong_text(column, value)
    if isinstance(value, int) and isinstance(column.type, Integer) and not isinstance(column.type, BigInteger):
        return "is a number too large" if abs(value) > _LARGEST_INTEGER else None
    return None


def _wrong_text(column: Column[Any], value: str) -> str | None:
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


def _tried(target: Database, table: Table, rows: list[Row]) -> Iterator[str]:
    """Try one row after the other, keeping none, and say of those that are refused what the database says."""
    with target.begin() as connection, connection.begin_nested() as all_of_them:
        for row in rows:
            try:
                with connection.begin_nested():
                    connection.execute(insert(table), row)
            except (DBAPIError, UnicodeEncodeError) as error:
                reason = error.orig if isinstance(error, DBAPIError) else error.reason
                yield f"{name_row(table, key_of(table, row))}: {first_line(reason)}."
        all_of_them.rollback()


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
