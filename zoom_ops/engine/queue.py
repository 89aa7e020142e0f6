"""The tables of Procrastinate's queue, in a schema of their own: nothing in them is not in the run table."""

from hashlib import sha256

from sqlalchemy import Connection, text

from ..errors import ConfigurationError
from ..store.db.connect import Database

QUEUE_SCHEMA = "zoom_ops_queue"
_MAKING = 7_266_004  # PostgreSQL advisory lock: first starts race
_ALIVE_S = 120  # twice the longest `HEARTBEAT_S`


def check_queue(database: Database) -> None:
    """Raise ConfigurationError where the queue is of another version of Procrastinate, and used: before all changes."""
    with database.read() as connection:
        _is_to_be_made(connection, _mark_of(_wanted()))


def prepare_queue(database: Database) -> None:
    """Make the queue's tables, or make them anew for another version of Procrastinate; safe at each start.

    The version is told by the schema's comment. While workers of another version are alive it raises
    ConfigurationError: they could not go on.
    """
    wanted = _wanted()
    mark = _mark_of(wanted)
    with database.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        if not _is_to_be_made(connection, mark):
            return
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {QUEUE_SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {QUEUE_SCHEMA}")
        connection.exec_driver_sql(f"SET LOCAL search_path TO {QUEUE_SCHEMA}")
        connection.exec_driver_sql(wanted.replace("%", "%%"))
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {QUEUE_SCHEMA} IS '{mark}'")


def _wanted() -> str:
    from procrastinate.schema import SchemaManager

    schema: str = SchemaManager.get_schema()
    return schema


def _mark_of(schema: str) -> str:
    return sha256(schema.encode()).hexdigest()[:16]


def _is_to_be_made(connection: Connection, mark: str) -> bool:
    found = _mark(connection)
    if found is not None and found != mark and (alive := _count_alive(connection)):
        raise ConfigurationError(
            f"The queue was made by another version of Procrastinate, and {alive} of its workers are alive: "
            "stop them first. Nothing is lost: what is due is in the run table."
        )
    return found != mark


def _mark(connection: Connection) -> str | None:
    """Tell which version made the tables; an empty text where there is no telling, None where there are none."""
    query = text("SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = :name")
    mark: str | None = connection.execute(query, {"name": QUEUE_SCHEMA}).scalar_one_or_none()
    return mark


def _count_alive(connection: Connection) -> int:
    workers = f"{QUEUE_SCHEMA}.procrastinate_workers"
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": workers}).scalar_one() is None:
        return 0
    query = f"SELECT count(*) FROM {workers} WHERE last_heartbeat > now() - interval '{_ALIVE_S} seconds'"  # noqa: S608  # names of ours
    return int(connection.exec_driver_sql(query).scalar_one())
