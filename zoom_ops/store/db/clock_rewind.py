"""Adjust stored instants after the clock was set back, so that nothing waits for the difference."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Table, delete, select, update

from ..tables import account_stop, budget, delivery, effect, run, tick
from .partial_indexes import IS_INTENT

_AWAITED = (  # instants at which waiting work goes on
    (run, run.c.next_at),
    (budget, budget.c.free_at),
    (budget, budget.c.held_until),
    (account_stop, account_stop.c.retry_at),
    (delivery, delivery.c.next_at),
)


def put_back(connection: Connection, now: datetime, by: timedelta) -> None:
    """Move the awaited instants back by `by`, and delete the ticks that lie in the future.

    Work that waits for a fixed time of day is looked at too early, and waits again. An intent that began in the future
    counts as begun now, so that it is looked up as late as any other.
    """
    for table, column in _AWAITED:
        _move_back(connection, table, column, now, by)
    connection.execute(update(effect).where(IS_INTENT, effect.c.began > now).values(began=now))
    connection.execute(delete(tick).where(tick.c.at > now))


def _move_back(connection: Connection, table: Table, column: Column[datetime], now: datetime, by: timedelta) -> None:
    """Subtract in Python and not in SQL: SQLite and PostgreSQL compute with instants in different ways."""
    keys = tuple(table.primary_key)
    for *values, moment in connection.execute(select(*keys, column).where(column > now)).all():
        same_row = [key == value for key, value in zip(keys, values, strict=True)]
        connection.execute(update(table).where(*same_row).values({column: moment - by}))
