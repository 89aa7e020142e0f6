"""Statements that both databases have in their own dialect: insert or update; the different values of a column."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> Any:
    """Build an INSERT that knows ON CONFLICT, in the dialect of the database; SQLAlchemy has it once for each."""
    return insert_of(connection.dialect.name)(table)


def insert_of(dialect: str) -> Any:
    """Tell by which function a dialect builds such an INSERT."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def upsert(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any], **once: Any
) -> None:
    """Write `values` into the row of `key`; `once` is written only where the row is new."""
    query = insert_into(connection, table).values({**key, **once, **values})
    columns = list(key)
    connection.execute(
        query.on_conflict_do_update(index_elements=columns, set_=dict(values))
        if values
        else query.on_conflict_do_nothing(index_elements=columns)
    )


def load_distinct(connection: Connection, column: Column[Any]) -> list[Any]:
    """List the different values of a column that has an index, in their order and without NULL."""
    smallest, found = select(func.min(column)), list[Any]()
    value = connection.execute(smallest).scalar_one()
    while value is not None:
        found.append(value)
        value = connection.execute(smallest.where(column > value)).scalar_one()
    return found
