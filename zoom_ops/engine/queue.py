"""The tables of Procrastinate's queue, in their own schema. All they hold is also in the run table."""

from hashlib import sha256

from sqlalchemy import Connection, text

from ..errors import ConfigurationError
from ..store.db.connect import Database

QUEUE_SCHEMA = "zoom_ops_queue"
_MAKING = 7_266_004  # PostgreSQL advisory lock: two first starts may race
_ALIVE_S = 120  # twice the longest `HEARTBEAT_S`


def check_queue(database: Database) -> None:
    """Raise ConfigurationError if workers of another version of Procrastinate are alive. Changes nothing."""
    _schema, mark = _current_schema()
    with database.read() as connection:
        _is_to_be_made(connection, mark)


def prepare_queue(database: Database) -> None:
    """Create the queue's tables, or recreate them for another version of Procrastinate. Idempotent.

    The comment on the schema holds a mark of the version. Raises ConfigurationError while workers of another version
    are alive: they could not go on.
    """
    schema, mark = _current_schema()
    with database.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        if not _is_to_be_made(connection, mark):
            return
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {QUEUE_SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {QUEUE_SCHEMA}")
        connection.exec_driver_sql(f"SET LOCAL search_path TO {QUEUE_SCHEMA}")
        connection.exec_driver_sql(schema.replace("%", "%%"))
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {QUEUE_SCHEMA} IS '{mark}'")


def _current_schema() -> tuple[str, str]:
    """Return the SQL that makes the tables, and the mark of its version."""
    from procrastinate.schema import SchemaManager

    schema: str = SchemaManager.get_schema()
    return schema, sha256(schema.encode()).hexdigest()[:16]


def _is_to_be_made(connection: Connection, mark: str) -> bool:
    query = text("SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = :name")
    stored_mark: str | None = connection.execute(query, {"name": QUEUE_SCHEMA}).scalar_one_or_none()  # "": has no mark
    if stored_mark is None:
        return True
    if stored_mark == mark:
        return False
    if alive := count_workers(connection):
        raise ConfigurationError(
            f"The queue was made by another version of Procrastinate, and {alive} of its workers are alive: "
            "stop them first. Nothing is lost: what is due is in the run table."
        )
    return True


def count_workers(connection: Connection) -> int:
    """Count the workers, of all processes, that are alive."""
    workers = f"{QUEUE_SCHEMA}.procrastinate_workers"
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": workers}).scalar_one() is None:
        return 0
    query = f"SELECT count(*) FROM {workers} WHERE last_heartbeat > now() - interval '{_ALIVE_S} seconds'"  # noqa: S608  # names of ours
    return int(connection.exec_driver_sql(query).scalar_one())
