"""The tables and rows that a copy from one database to another includes."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Dialect, Select, Table, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import TSVECTOR

from ..tables import meta, metadata

CHUNK = 500  # rows that are read, written and committed together
COPY_MARK = "copy"  # the row of meta with the progress of a copy into this database
MOVED_MARK = "moved"  # the row of meta with the database that the installation has moved to
LEFT_OUT = {  # tables that are not copied, and why
    "alembic_version": "each database's own migrations write it",
    "event_fts": "SQLite's index over event_text, which triggers fill as the words are written",
}
STAYS = (  # rows of meta that belong to the database and not to the installation
    COPY_MARK,
    MOVED_MARK,
    "heartbeat",  # a daemon's sign of life
    "tables_fit_from",  # written by the migrations
)

Row = dict[str, Any]
Key = tuple[Any, ...]


def list_tables() -> tuple[Table, ...]:
    """List the tables that are copied, each after those that it refers to."""
    return tuple(metadata.sorted_tables)


def iter_chunks(source: Connection, table: Table, after: Key | None = None) -> Iterator[list[Row]]:
    """Read a table's rows in chunks, ordered by key: all rows, or those after a key."""
    query = select_rows(table, source.dialect).order_by(*table.primary_key)
    if after is not None:
        values = [literal(value, column.type) for column, value in zip(table.primary_key, after, strict=True)]
        query = query.where(tuple_(*table.primary_key) > tuple_(*values))
    for rows in source.execute(query, execution_options={"yield_per": CHUNK}).mappings().partitions():
        yield [dict(row) for row in rows]


def load_rows(connection: Connection, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
    """Load the rows with these keys, by key."""
    query = select_rows(table, connection.dialect).where(tuple_(*table.primary_key).in_(keys))
    return {key_of(table, row): dict(row) for row in connection.execute(query).mappings()}


def select_rows(table: Table, dialect: Dialect) -> Select[Any]:
    """Build the query for a table's rows, with values that both databases take."""
    return select(*(_readable(column, dialect) for column in table.columns)).where(*_copied_rows(table))


def count_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of each table that are copied."""
    counts = {
        table.name: select(func.count()).select_from(table).where(*_copied_rows(table)) for table in list_tables()
    }
    return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


def key_of(table: Table, row: Any) -> Key:
    """Return the key of a row."""
    return tuple(row[column.name] for column in table.primary_key)


def name_row(table: Table, key: Key) -> str:
    """Return a readable name of a row, in ASCII, which every terminal shows."""
    columns = zip(table.primary_key, key, strict=True)
    text = ", ".join(f"{column.name}={value}" for column, value in columns)
    return f"{table.name} {text}".encode("ascii", "backslashreplace").decode()


def is_words(column: Column[Any], dialect: Dialect) -> bool:
    """Return whether a column is a PostgreSQL search vector: each word once, in an order of its own."""
    return isinstance(column.type.dialect_impl(dialect), TSVECTOR)


def _readable(column: Column[Any], dialect: Dialect) -> ColumnElement[Any]:
    if is_words(column, dialect):
        return func.array_to_string(func.tsvector_to_array(column), " ").label(column.name)
    return column


def _copied_rows(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (meta.c.name.not_in(STAYS),) if table is meta else ()
