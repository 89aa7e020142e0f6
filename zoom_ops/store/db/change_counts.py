"""Counts of changes, which triggers write in the transaction of whoever changes something, whichever program it is."""

from sqlalchemy import Connection, Select, TableClause, column, func, select, table, text

LISTS = table("list_change", column("writer"), column("changes"))  # of what lists of events show: migration 0043
PLANS = table("plan_change", column("writer"), column("changes"))  # of bindings and seats: migration 0047
_FOLD = (
    "WITH gone AS (DELETE FROM {0} WHERE writer <> 0"
    " AND writer NOT IN (SELECT pid FROM pg_stat_activity WHERE pid IS NOT NULL) RETURNING changes)"
    " INSERT INTO {0} (writer, changes) SELECT 0, sum(changes) FROM gone HAVING count(*) > 0"
    " ON CONFLICT (writer) DO UPDATE SET changes = {0}.changes + excluded.changes"
)
_COUNTS = (LISTS, PLANS)


def make_version(counts: TableClause = LISTS) -> Select[tuple[int]]:
    """Build the query of the number of changes that a table counts."""
    return select(func.coalesce(func.sum(counts.c.changes), 0))


_PLANNED = select(make_version().scalar_subquery() + make_version(PLANS).scalar_subquery())


def load_plan_version(connection: Connection) -> int:
    """Return the number of changes of event records, bindings and seats.

    It only grows. Two reads with the same number saw the same rows. Read it before what it stands for.
    """
    return int(connection.scalar(_PLANNED) or 0)


def fold_changes(connection: Connection) -> None:
    """Add up in one row of each count what connections counted that are gone. The versions stay as they are.

    On PostgreSQL each connection has a row of its own, by the number of its process, which a later one may get again.
    On SQLite all have one.
    """
    if connection.dialect.name == "postgresql":
        for counts in _COUNTS:
            connection.execute(text(_FOLD.format(counts.name)))
