"""The webinars that records of homes name, where the home's own system makes them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from ...webinars import UNCLEAR, Unclear
from ..event_queries import IS_DRAFT
from ..tables import binding, home_record
from ..tables import event as event_table
from .records import is_coming


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
    query = query.where(home_record.c.home.in_(list(homes))).order_by(home_record.c.home, home_record.c.record)
    return tuple((row.home, named(row.webinar_id)) for row in connection.execute(query))


def load_namesakes(
    connection: Connection, numbers: Iterable[int], homes: Iterable[str], now: datetime
) -> tuple[tuple[int, str], ...]:
    """Load the coming events whose records in some homes name one of these webinars: pairs of number and event."""
    query = select(*home_record.c["webinar_id", "event_id"]).join_from(home_record, event_table)
    query = query.where(home_record.c.webinar_id.in_([str(number) for number in numbers]), *is_coming(now))
    rows = connection.execute(query.where(home_record.c.home.in_(list(homes)), home_record.c.gone_at.is_(None)))
    return tuple((int(row.webinar_id), row.event_id) for row in rows)


def list_unmade(connection: Connection, homes: Collection[str], now: datetime) -> tuple[str, ...]:
    """List the coming events of some homes that have no webinar and are published."""
    query = select(home_record.c.event_id).distinct().join_from(home_record, event_table)
    query = query.outerjoin(binding, binding.c.event_id == event_table.c.id).where(binding.c.event_id.is_(None))
    query = query.where(home_record.c.home.in_(list(homes)), *is_coming(now), ~IS_DRAFT)
    return tuple(connection.scalars(query.order_by(home_record.c.event_id)))
