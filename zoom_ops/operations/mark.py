"""A mark of the database, which differs once something was written that operators look at."""

from sqlalchemy import Select, func, select

from ..store.db.connect import Database
from ..store.db.partial_indexes import IS_ACTIVE, IS_INTENT, IS_OPEN
from ..store.tables import alert, attempt, audit, effect, event_change, notification, run, zoom_call

_WORKED_ON = run.c.fence + run.c.attempts + run.c.rung  # each attempt and each request for it adds to them


def take_mark(database: Database) -> tuple[int, ...]:
    """Return the mark. It costs a look at the end of some indexes, and at the runs that are open.

    Signs of life, uses of sessions and reservations of calls leave it as it is: nobody looks at them. It may miss what
    a transaction has written that began before another and ended after it; so nothing may rest on it alone.
    """
    with database.read() as connection:
        row = connection.execute(_select_mark()).one()
    return tuple(int(value or 0) for value in row)


def _select_mark() -> Select[tuple[int | None, ...]]:
    newest = [
        select(func.max(table.c.id)).scalar_subquery()
        for table in (event_change, audit, run, attempt, effect, zoom_call, notification, alert)
    ]
    counted = [
        select(func.count()).where(IS_ACTIVE).scalar_subquery(),
        select(func.count()).where(IS_OPEN).scalar_subquery(),
        select(func.sum(_WORKED_ON)).where(IS_OPEN).scalar_subquery(),
        select(func.count()).where(IS_INTENT).scalar_subquery(),
        select(func.count()).where(alert.c.cleared_at.is_(None)).scalar_subquery(),
    ]
    return select(*newest, *counted)
