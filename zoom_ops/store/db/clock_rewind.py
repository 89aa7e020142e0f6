"""Adjust stored instants after the clock was set back, so that nothing waits for the difference."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from ..tables import account_stop, budget, delivery, effect, operator_message, run, session, tick
from .partial_indexes import IS_INTENT

_AWAITED = (
    run.c.next_at,
    budget.c.free_at,
    budget.c.held_until,
    account_stop.c.retry_at,
    delivery.c.next_at,
    operator_message.c.next_at,
)
"""Instants at which waiting work goes on."""


def put_back(connection: Connection, now: datetime, by: timedelta) -> None:
    """Move the awaited instants back by `by`, and delete the ticks that lie in the future.

    Work that waits for a fixed time of day is looked at too early, and waits again. An intent that began in the future
    counts as begun now, so that it is looked up as late as any other. Sessions last no longer and no shorter: all their
    instants move. One that began after the step may end too early.
    """
    for column in _AWAITED:
        keys = tuple(column.table.primary_key)
        for *values, moment in connection.execute(select(*keys, column).where(column > now)).all():
            same_row = [key == value for key, value in zip(keys, values, strict=True)]
            # subtracted here and not in SQL: SQLite and PostgreSQL compute with instants in different ways
            connection.execute(update(column.table).where(*same_row).values({column: moment - by}))
    connection.execute(update(effect).where(IS_INTENT, effect.c.began > now).values(began=now))
    connection.execute(delete(tick).where(tick.c.at > now))
    times = session.c["created_at", "seen_at", "proven_at", "ends_at"]
    for row in connection.execute(select(session.c.digest, *times)).mappings().all():
        moved = {column.name: row[column.name] - by for column in times if row[column.name]}
        connection.execute(update(session).where(session.c.digest == row["digest"]).values(moved))
