"""The rows that the rate limits are counted in, each held by one transaction at a time."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from ..store.upsert import insert_into

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def lock_row(connection: Connection, table: Table, **values: Any) -> Any:
    """Make the row if there is none, and hold it until the transaction ends."""
    its_row = select(table).filter_by(**{column.name: values[column.name] for column in table.primary_key})
    if row := connection.execute(its_row.with_for_update()).first():
        return row
    connection.execute(insert_into(connection, table).values(values).on_conflict_do_nothing())
    return connection.execute(its_row.with_for_update()).one()
