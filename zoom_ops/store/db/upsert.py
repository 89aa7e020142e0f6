"""Statements that work in SQLite as well as in PostgreSQL."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, bindparam, func, or_, select
from sqlalchemy.dialects import sqlite


def insert_into(connection: Connection, table: Table) -> Any:
    """Build an INSERT with ON CONFLICT, which SQLAlchemy has once for each dialect."""
    return insert_of(connection.dialect.name)(table)


def insert_of(dialect: str) -> Any:
    """Return the function that builds such an INSERT in a dialect."""
    if dialect == "sqlite":
        return sqlite.insert
    from sqlalchemy.dialects import postgresql  # on SQLite it would take 3 MB for nothing

    return postgresql.insert


def upsert(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any], **once: Any
) -> None:
    """Write `values` into the row of `key`; write `once` only where the row is new."""
    query = insert_into(connection, table).values({**key, **once, **values})
    columns = list(key)
    connection.execute(
        query.on_conflict_do_update(index_elements=columns, set_=dict(values))
        if values
        else query.on_conflict_do_nothing(index_elements=columns)
    )


def load_distinct(connection: Connection, column: Column[Any], *where: ColumnElement[bool]) -> list[Any]:
    """List the distinct values of an indexed column in order, without NULL; one query for each value.

    `where`: conditions that nearly all rows meet.
    """
    (smallest, next_one), values = _steps_through(column, *where), list[Any]()
    value = connection.execute(smallest).scalar_one()
    while value is not None:
        values.append(value)
        value = connection.execute(next_one, {"value": value}).scalar_one()
    return values


@lru_cache(maxsize=16)
def _steps_through(column: Column[Any], *where: ColumnElement[bool]) -> tuple[Select[Any], Select[Any]]:
    """Build the queries of the smallest value, and of the next one after a `value`."""
    smallest = select(func.min(column)).where(*where)
    return smallest, smallest.where(column > bindparam("value"))


def has_words(text: str, *columns: Column[Any]) -> list[ColumnElement[bool]]:
    """Build the conditions that each of the first eight words of a text is in one of the columns."""
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in text.split()[:8]]
