"""The different values of a column, few among many rows: one look into its index for each of them."""

from typing import Any

from sqlalchemy import Column, Connection, func, select


def load_distinct(connection: Connection, column: Column[Any]) -> list[Any]:
    """List the different values of a column that has an index, in their order and without NULL."""
    smallest, found = select(func.min(column)), list[Any]()
    value = connection.execute(smallest).scalar_one()
    while value is not None:
        found.append(value)
        value = connection.execute(smallest.where(column > value)).scalar_one()
    return found
