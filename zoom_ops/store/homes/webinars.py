"""The webinars that records of homes name, where the home's own system makes them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from ...webinars import UNCLEAR, Unclear
from ..event_queries import IS_DRAFT
from ..tables import binding, home_record
from ..tables import event as event_table
from .records import is_coming, is_of


def named(written: str | None) -> int | Unclear | None:
    """Return the number that a record names, as it is stored, or what is unclear of it."""
    for unclear in UNCLEAR:
        if written == unclear:
            return unclear
    return int(written) if written else None


def load_numbers(
    connection: Connection, event_id: str, homes: Iterable[str]
) -> tuple[tuple[str, int | Unclear | None], ...]:
    """Load which webinar each record of an event in some homes names: pairs of home and number, in a fixed order."""
    query = select(*home_record.c["home", "webinar_id"]).where(home_record.c.event_id == event_id)
    query = query.where(is_of(homes)).order_by(home_record.c.home, home_record.c.record)
    return tuple((row.home, named(row.webinar_id)) for row in connection.execute(query))


def load_namesakes(connection: Connection, homes: Iterable[str], now: datetime) -> Mapping[int, tuple[str, ...]]:
    """Load the coming events by the webinar that their records in some homes name."""
    query = select(*home_record.c["webinar_id", "event_id"]).join_from(home_record, event_table)
    query = query.where(home_record.c.webinar_id.is_not(None), home_record.c.gone_at.is_(None), *is_coming(now))
    found: dict[int, set[str]] = {}
    for row in connection.execute(query.where(is_of(homes))):
        if isinstance(number := named(row.webinar_id), int):
            found.setdefault(number, set()).add(row.event_id)
    return {number: tuple(sorted(events)) for number, events in found.items()}


def list_unmade(connection: Connection, homes: Collection[str], now: datetime) -> tuple[str, ...]:
    """List the coming events of some homes that have no webinar and are published."""
    query = select(home_record.c.event_id).distinct().join_from(home_record, event_table)
    query = query.outerjoin(binding, binding.c.event_id == event_table.c.id).where(binding.c.event_id.is_(None))
    query = query.where(is_of(homes), *is_coming(now), ~IS_DRAFT)
    return tuple(connection.scalars(query.order_by(home_record.c.event_id)))
