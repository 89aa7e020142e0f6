"""Write a row, whether it is there already or not, also where two processes or threads do so at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any], **once: Any
) -> None:
    """Write `values` into the row of `key`; `once` is written only where the row is new."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    query = dialect.insert(table).values({**key, **once, **values})
    columns = list(key)
    connection.execute(
        query.on_conflict_do_update(index_elements=columns, set_=dict(values))
        if values
        else query.on_conflict_do_nothing(index_elements=columns)
    )
