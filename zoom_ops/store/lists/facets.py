"""Events by what a filter asks about, in memory: each facet is loaded when a filter first asks about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Text, case, cast, column, func, literal_column, select, table

from ..tables import event, publication
from .order import Order
from .texts import Texts

Value = str | int | None
Name = Literal["series_slug", "language", "year", "recording_gate", "published"]

_rows = table("event", column("id"))  # as SQLite numbers them: its indexes of one column hold that number, and no id
_ROW: ColumnElement[Any] = literal_column("event.rowid")
_IS_PUBLIC = case((func.max(case((publication.c.visibility == "public", 1), else_=0)) == 1, "public"), else_="members")
_PUBLISHED = (
    select(publication.c.event_id.label("key"), _IS_PUBLIC.label("value"))
    .where(publication.c.state == "published")
    .group_by(publication.c.event_id)
    .subquery()
)


@dataclass(frozen=True, kw_only=True)
class Facet:
    """The texts of all events, by their numbers in the index, each with its value."""

    by_value: Mapping[Value, frozenset[str]]
    total: int

    def choose(self, values: Collection[Value]) -> Texts:
        """Return the texts with one of some values, or the others: the fewer of both."""
        fitting = [self.by_value[value] for value in values if value in self.by_value]
        if 2 * sum(map(len, fitting)) <= self.total:
            return Texts(numbers=_join(fitting))
        others = [texts for value, texts in self.by_value.items() if value not in values]
        return Texts(numbers=_join(others), are_left_out=True)


def load_facet(connection: Connection, name: Name, order: Order) -> Facet:
    """Load a facet of the events of an order: 50 bytes each.

    `published` is public if one of the published recordings of an event is, else members; None: it has none.
    """
    texts = dict(zip(order.events, (*order.coming, *order.past), strict=True))
    if name == "published":
        groups = select(_PUBLISHED.c.value, func.aggregate_strings(_PUBLISHED.c.key, ",")).group_by(_PUBLISHED.c.value)
    elif connection.dialect.name == "sqlite":
        texts = _by_row(connection, texts)
        groups = select(event.c[name], func.aggregate_strings(cast(_ROW, Text), ",")).group_by(event.c[name])
    else:
        groups = select(event.c[name], func.aggregate_strings(event.c.id, ",")).group_by(event.c[name])
    by_value: dict[Value, frozenset[str]] = {}
    for value, keys in connection.execute(groups):  # some may have come since the order was loaded
        by_value[value] = frozenset(texts[key] for key in keys.split(",") if key in texts)
    if name == "published":
        by_value[None] = frozenset(order.places).difference(*by_value.values())
    return Facet(by_value=by_value, total=len(order.events))


def _by_row(connection: Connection, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of events by their rows in SQLite."""
    pairs = select(func.aggregate_strings(cast(_ROW, Text), ","), func.aggregate_strings(_rows.c.id, ","))
    rows, ids = connection.execute(pairs.select_from(_rows)).one()
    found = zip(rows.split(","), ids.split(","), strict=True) if rows else ()
    return {row: texts[event_id] for row, event_id in found if event_id in texts}


def _join(sets: Collection[frozenset[str]]) -> frozenset[str]:
    return next(iter(sets)) if len(sets) == 1 else frozenset().union(*sets)
