"""How many rows figures count of a table that grows without end: the latest, in whole pieces."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

COUNTED = 20_000  # of the latest rows; figures look at some more, but not at all
_PIECES = 40


def counted_ids(latest: int) -> tuple[int, int]:
    """Return the id above which rows are counted, and the last id of which few rows change any more.

    Both move by a fortieth of what is counted at a time, so that a count up to the second one can be kept meanwhile.
    """
    piece = max(1, COUNTED // _PIECES)
    first, last = (max(0, number // piece * piece) for number in (latest - COUNTED, latest - piece // 2))
    return first, last


def count_gone(connection: Connection, table: Table) -> int | None:
    """Count the rows of a numbered table that were ever deleted; None on PostgreSQL, which would read all the others.

    On SQLite a row gets the number after that of the newest one, and the newest one is never deleted.
    """
    if connection.dialect.name != "sqlite":
        return None
    newest, rows = connection.execute(_select_size(table)).one()
    return int(newest or 0) - int(rows)


@cache
def _select_size(table: Table) -> Select[Any]:
    newest = select(func.max(table.c.id)).scalar_subquery()
    return select(newest, select(func.count()).select_from(table).scalar_subquery())
