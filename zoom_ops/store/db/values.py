"""Values (frozen dataclasses) from rows that have a column named like each of their fields."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Select

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")


def find_value(connection: Connection, kind: type[Value], query: Select[Any]) -> Value | None:
    """Load the value of a query that gives at most one row, or None."""
    return next(iter(load_values(connection, kind, query)), None)


def load_values(connection: Connection, kind: type[Value], query: Select[Any]) -> tuple[Value, ...]:
    """Load the value in each row of a query. A JSON list becomes a tuple, a JSON object a tuple of sorted pairs."""
    names = [field.name for field in fields(kind)]
    rows = connection.execute(query).mappings()
    return tuple(kind(**{name: _freeze(row[name]) for name in names}) for row in rows)


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


def slices(values: Iterable[str], size: int = 1_000) -> Iterator[list[str]]:
    """Yield the distinct values in slices that a statement can take: many values are more than its parameters."""
    distinct = list(dict.fromkeys(values))
    yield from (distinct[start : start + size] for start in range(0, len(distinct), size))
