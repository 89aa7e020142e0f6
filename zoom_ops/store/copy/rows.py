"""Copy and comparison of all rows of two databases, in chunks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    exc,
    func,
    insert,
    literal,
    select,
    tuple_,
)
from sqlalchemy.types import BigInteger, Integer, String

from ...errors import PermanentError, ZoomOpsError, first_line
from ..db.connect import Database
from ..tables import SearchWords, meta, metadata, picture
from .progress import STAYS, CopyMark, Key, clear_mark, write_mark

CHUNK = 500  # rows that are read, written and committed together
_PICTURES = 20  # of which each takes as much as hundreds of other rows
LEFT_OUT = {  # tables that are not copied, and why
    "alembic_version": "each database's own migrations write it",
    "event_fts": "SQLite's index over event_text, which triggers fill as the words are written",
    "list_change": "each database counts its own changes, by triggers",
    "plan_change": "each database counts its own changes, by triggers",
}
MOST_TOLD = 10  # rows that an error names
_LARGEST_INTEGER = 2**31 - 1
Row = dict[str, Any]
Tell = Callable[[int], None]
"""Called after each chunk with the number of its rows."""


def iter_differences(source: Connection, target: Connection, tell: Tell) -> Iterator[str]:
    """Yield a sentence for each row of the source that is missing or different in the target, and for excess rows.

    Every row is looked up by its key. Where none is missing, equal numbers of rows prove that there are no others.
    The sentences contain keys and column names but no other values, which may be secrets. `tell` is called after each
    chunk with the number of its rows.
    """
    for table in metadata.sorted_tables:
        words = [c for c in table.columns if _is_words(c, source) or _is_words(c, target)]
        for rows in _iter_chunks(source, table):
            yield from _iter_differing(target, table, rows, words)
            tell(len(rows))
    copied = count_rows(target)
    for name, count in count_rows(source).items():
        if count != copied[name]:
            yield f"{name}: {count:,} rows in the source, {copied[name]:,} in the target."


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
            names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
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
        for rows in _iter_chunks(source, table, mark.after_in(table)):
            mark = mark.at(table, _key_of(table, rows[-1]))
            _write(target, table, rows, mark)
            tell(len(rows))


def finish_copy(target: Database) -> None:
    """Set the sequences to continue after the highest copied number, and delete the mark."""
    with target.begin() as connection:
        numbered = [] if target.is_sqlite else metadata.sorted_tables  # SQLite continues by itself
        for table in numbered:
            column: Column[int] | None = table.autoincrement_column
            if column is not None:
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                highest = func.coalesce(func.max(column), 1)
                connection.execute(select(func.setval(sequence, highest, func.count() > 0)).select_from(table))
        clear_mark(connection)


def select_rows(table: Table, connection: Connection) -> Select[Any]:
    """Build the query for a table's rows, with values that both databases take."""
    columns = [
        func.array_to_string(func.tsvector_to_array(column), " ").label(column.name)
        if _is_words(column, connection)
        else column
        for column in table.columns
    ]
    return select(*columns).where(*_copied_rows(table))


def count_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of each table that are copied."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table).where(*_copied_rows(table))) or 0
        for table in metadata.sorted_tables
    }


def _iter_chunks(source: Connection, table: Table, after: Key | None = None) -> Iterator[list[Row]]:
    """Read a table's rows in chunks, ordered by key: all rows, or those after a key."""
    query = select_rows(table, source).order_by(*table.primary_key)
    if after is not None:
        values = [literal(value, column.type) for column, value in zip(table.primary_key, after, strict=True)]
        query = query.where(tuple_(*table.primary_key) > tuple_(*values))
    for rows in (
        source.execute(query, execution_options={"yield_per": _PICTURES if table is picture else CHUNK})
        .mappings()
        .partitions()
    ):
        yield [dict(row) for row in rows]


def _iter_differing(target: Connection, table: Table, rows: list[Row], words: list[Column[Any]]) -> Iterator[str]:
    by_key = {_key_of(table, row): row for row in rows}
    query = select_rows(table, target).where(tuple_(*table.primary_key).in_(by_key))
    copied = {_key_of(table, row): dict(row) for row in target.execute(query).mappings()}
    for key, row in by_key.items():
        if key not in copied:
            yield f"{_name_row(table, row)}: missing in the target."
        elif other := _other_columns(row, copied[key], words):
            yield f"{_name_row(table, row)}: {', '.join(other)} other in the target."


def _other_columns(row: Row, copied: Row, words: list[Column[Any]]) -> list[str]:
    for column in words:  # each database has its own order of the words
        row, copied = ({**values, column.name: set(values[column.name].split())} for values in (row, copied))
    return [name for name, value in row.items() if value != copied[name]]


def _write(target: Database, table: Table, rows: list[Row], mark: CopyMark) -> None:
    try:
        with target.begin(durable=False) as connection:
            connection.execute(insert(table), rows)
            write_mark(connection, mark)
    except (ZoomOpsError, UnicodeEncodeError) as error:
        about_values = (exc.DataError, exc.IntegrityError, exc.ProgrammingError)  # any other: no answer
        if not isinstance(error, UnicodeEncodeError) and not isinstance(error.__cause__, about_values):
            raise
        raise _refusal_of(target, table, rows) from error


def _refusal_of(target: Database, table: Table, rows: list[Row]) -> PermanentError:
    """Build the error that names the faults of rows that the target refused together."""
    faults = [
        f"{_name_row(table, row)}: {column.name} {fault}."
        for row in rows
        for column in table.columns
        if (fault := _find_fault(column, row[column.name]))
    ]
    faults = faults or list(_try_each(target, table, rows))
    error = PermanentError(
        f"The target does not take {len(faults)} of the next {len(rows)} rows of {table.name}. Mend them in the source "
        "(its daemon stopped) and give the same command again: it goes on where it was. Nothing is lost."
    )
    for sentence in faults[:MOST_TOLD]:
        error.add_note(sentence)
    return error


def _find_fault(column: Column[Any], value: Any) -> str | None:
    """Return why PostgreSQL does not take a value, or None."""
    if isinstance(value, str):
        if "\0" in value:
            return "holds a NUL character"
        if value != value.encode(errors="ignore").decode():
            return "holds bytes that are no text in UTF-8"
        most = column.type.length if isinstance(column.type, String) else None
        return f"is longer than {most} characters" if most is not None and len(value) > most else None
    if isinstance(value, int) and isinstance(column.type, Integer) and not isinstance(column.type, BigInteger):
        return "is a number too large" if abs(value) > _LARGEST_INTEGER else None
    return None


def _try_each(target: Database, table: Table, rows: list[Row]) -> Iterator[str]:
    """Insert one row after the other, roll all back, and yield the database's reason for each refused row."""
    with target.begin() as connection, connection.begin_nested() as all_rows:
        for row in rows:
            try:
                with connection.begin_nested():
                    connection.execute(insert(table), row)
            except (exc.DBAPIError, UnicodeEncodeError) as error:
                reason = error.orig if isinstance(error, exc.DBAPIError) else error.reason
                yield f"{_name_row(table, row)}: {first_line(reason)}."
        all_rows.rollback()


def _key_of(table: Table, row: Any) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _name_row(table: Table, row: Row) -> str:
    """Return a readable name of a row, in ASCII, which every terminal shows."""
    text = ", ".join(f"{column.name}={row[column.name]}" for column in table.primary_key)
    return f"{table.name} {text}".encode("ascii", "backslashreplace").decode()


def _is_words(column: Column[Any], connection: Connection) -> bool:
    """Return whether a column is a PostgreSQL search vector: each word once, in an order of its own."""
    return isinstance(column.type, SearchWords) and connection.dialect.name == "postgresql"


def _copied_rows(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (meta.c.name.not_in(STAYS),) if table is meta else ()
