"""Values (frozen dataclasses) from rows that have a column named like each of their fields."""

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import JSON, Column, ColumnElement, Connection, Row, Select, Table, Text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")
Key = TypeVar("Key", bound=Hashable)


def find_value(
    connection: Connection, kind: type[Value], query: Select[Any], parameters: Mapping[str, Any] | None = None
) -> Value | None:
    """Load the value of a query that gives at most one row, or None."""
    return next(iter(load_values(connection, kind, query, parameters)), None)


def load_values(
    connection: Connection, kind: type[Value], query: Select[Any], parameters: Mapping[str, Any] | None = None
) -> tuple[Value, ...]:
    """Load the value in each row of a query. A JSON list becomes a tuple, a JSON object a tuple of sorted pairs.

    `parameters`: the values of its `bindparam`s. A query that is built once costs a seventh of one built at each call.
    """
    names = [field.name for field in fields(kind)]
    rows = connection.execute(query, parameters).mappings()
    return tuple(kind(**{name: _freeze(row[name]) for name in names}) for row in rows)


def columns_as_stored(kind: type[Value], table: Table) -> tuple[ColumnElement[Any], ...]:
    """Build the columns of a value for `parse_stored`: JSON as the text that is stored, which costs least to load."""
    columns = (table.c[field.name] for field in fields(kind))
    return tuple(column.cast(Text).label(column.name) if _is_json(column) else column for column in columns)


def parse_stored(kind: type[Value], table: Table, row: Row[Any]) -> Value:
    """Build the value in a row of columns as they are stored: the same as `load_values` builds.

    What stands in several columns, as what a webinar is and what was asked for, is parsed once.
    """
    parsed, values = dict[str, Any](), dict[str, Any]()
    for name, is_json in _stored_in(kind, table):
        values[name] = raw = getattr(row, name)
        if raw and is_json:
            if raw not in parsed:
                parsed[raw] = _freeze(json.loads(raw))
            values[name] = parsed[raw]
    return kind(**values)


@cache
def _stored_in(kind: type[Any], table: Table) -> tuple[tuple[str, bool], ...]:
    """List the fields of a value, each with whether its column holds JSON."""
    return tuple((field.name, _is_json(table.c[field.name])) for field in fields(kind))


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


def slices(values: Iterable[Key], size: int = 1_000) -> Iterator[list[Key]]:
    """Yield the distinct values in slices that a statement can take: many values are more than its parameters."""
    distinct = list(dict.fromkeys(values))
    yield from (distinct[start : start + size] for start in range(0, len(distinct), size))
