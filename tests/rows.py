"""Rows for every table, built from its columns alone, so that they fill new tables too."""

from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, LargeBinary, Table, insert

from tests.builders import NOW
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import Moment, event_text, metadata


def fill(database: Database, count: int) -> None:
    """Write `count` rows into each table."""
    for table in metadata.sorted_tables:
        add_rows(database, table, range(1, count + 1))


def add_rows(database: Database, table: Table, numbers: range, **values: Any) -> None:
    """Write a row for each number; `values` replace generated ones."""
    with database.begin() as connection:
        connection.execute(insert(table), [a_row(table, number) | values for number in numbers])


def a_row(table: Table, number: int) -> dict[str, Any]:
    """Build a row; every third row has NULL in all columns that allow it."""
    return {
        column.name: None if column.nullable and not number % 3 else _value(column, number) for column in table.columns
    }


def _value(column: Column[Any], number: int) -> Any:
    for key in column.foreign_keys:
        return _value(key.column, number)
    if column is event_text.c.words:
        return f"tides harbour 潮汐 part{number} élan"
    return _of_type(column, number)


def _of_type(column: Column[Any], number: int) -> Any:
    match column.type:
        case JSON():
            return {"z": [number, None, True, 0.1], "a": "Ωλ\0\ud800'\"", "empty": {}}
        case Boolean():
            return number % 2 == 0
        case BigInteger():
            return number * 7 if column.primary_key else 2**53 + number
        case Integer():
            return 2**31 - number
        case Moment():
            return NOW + timedelta(microseconds=number)
        case LargeBinary():
            return b"\0\xff" + str(number).encode()
    return f"{column.name[:8]}/{number} ’"[: column.type.length or 99]
