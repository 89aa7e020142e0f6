"""Counts of changes, which triggers write in the transaction of whoever changes something, whichever program it is.

`list_change` counts those of what lists of events show (migration 0043), `plan_change` those of bindings and seats
(migration 0047).
"""

from sqlalchemy import Connection

_PLANNED = (
    "SELECT coalesce(sum(changes), 0) FROM"
    " (SELECT changes FROM list_change UNION ALL SELECT changes FROM plan_change) AS counted"
)
_FOLD = (
    "WITH gone AS (DELETE FROM {0} WHERE writer <> 0"
    " AND writer NOT IN (SELECT pid FROM pg_stat_activity WHERE pid IS NOT NULL) RETURNING changes)"
    " INSERT INTO {0} (writer, changes) SELECT 0, sum(changes) FROM gone HAVING count(*) > 0"
    " ON CONFLICT (writer) DO UPDATE SET changes = {0}.changes + excluded.changes"
)


def load_plan_version(connection: Connection) -> int:
    """Return the number of changes of event records, bindings and seats.

    It only grows. Two reads with the same number saw the same rows. Read it before what it stands for.
    """
    return int(connection.exec_driver_sql(_PLANNED).scalar_one())


def fold_changes(connection: Connection) -> None:
    """Add up in one row of each count what connections counted that are gone. The versions stay as they are.

    On PostgreSQL each connection has a row of its own, by the number of its process, which a later one may get again.
    On SQLite all have one.
    """
    if connection.dialect.name == "postgresql":
        for counts in ("list_change", "plan_change"):
            connection.exec_driver_sql(_FOLD.format(counts))
