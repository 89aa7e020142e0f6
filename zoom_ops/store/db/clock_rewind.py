"""What to do with stored instants when the clock was put back: nothing waits for the difference."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Table, delete, select, update

from ..tables import account_stop, budget, delivery, effect, run, tick
from .partial_indexes import IS_INTENT

_WAITED_FOR = (
    (run, run.c.next_at),
    (budget, budget.c.free_at),
    (budget, budget.c.held_until),
    (account_stop, account_stop.c.retry_at),
    (delivery, delivery.c.next_at),
)


def put_back(connection: Connection, now: datetime, by: timedelta) -> None:
    """Bring along what is waited for, and forget the turns taken in hours that are yet to come.

    What waits for a fixed time of the day is looked at too early, and waits again. An intent that was begun in the
    future is taken as begun now, so that it is looked up as late as any.
    """
    for table, column in _WAITED_FOR:
        _bring_along(connection, table, column, now, by)
    connection.execute(update(effect).where(IS_INTENT, effect.c.began > now).values(began=now))
    connection.execute(delete(tick).where(tick.c.at > now))


def _bring_along(connection: Connection, table: Table, column: Column[datetime], now: datetime, by: timedelta) -> None:
    """Reckoned here and not in the database: the two kinds of them reckon with instants in two ways."""
    keys = tuple(table.primary_key)
    for row in connection.execute(select(*keys, column).where(column > now)).all():
        *found, moment = row
        mine = [key == value for key, value in zip(keys, found, strict=True)]
        connection.execute(update(table).where(*mine).values({column: moment - by}))
