"""Connections to PostgreSQL, with as few trips to the server as their use needs."""

import select
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc

from ...clock import Clock
from ...errors import PermanentError

BUSY_TIMEOUT_S = 20
_RESTED_S = 10.0  # a connection that rested for longer is asked before it is used
_PARAMETERS = {  # defaults for what the address leaves open: they detect a lost server and limit the wait for it
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "client_encoding": "utf8",  # in every locale of the machine
    "application_name": "zoom_ops",
}
_SESSION = {  # no wait is endless; within half a minute the server detects a lost client and releases its locks
    "lock_timeout": BUSY_TIMEOUT_S * 1000,
    "statement_timeout": 60_000,
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
_RESTED_AT = "zoom_ops.rested_at"
_NO_TRANSACTION = 0  # as libpq numbers it
_BEGIN = "BEGIN"  # neither READ WRITE nor READ ONLY: whether the database is written, its administrator decides
_WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "DROP")


def manner_of(address: URL) -> dict[str, Any]:
    """Return libpq's connection parameters for a server, without those that its address sets."""
    return {name: value for name, value in _PARAMETERS.items() if name not in address.query}


def connect_to_server(address: URL, clock: Clock, idle_s: float, pool: dict[str, Any]) -> Engine:
    """Build the engine. Its connections begin a transaction when SQLAlchemy does, unless they are `read_only`.

    Options of a connection: `read_only` (each statement is by itself, and none may write), `isolation` of its
    transaction, `durable`, `patience_s`.
    """
    engine = create_engine(address, isolation_level="AUTOCOMMIT", connect_args=manner_of(address), **pool)
    lost: type[Exception] = engine.dialect.loaded_dbapi.Error

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        session = _SESSION | {"idle_in_transaction_session_timeout": int(idle_s * 1000)}
        connection.execute("; ".join(f"SET {name} = {value}" for name, value in session.items()))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if begin := "; ".join(_write_begin(connection.get_execution_options())):
            connection.exec_driver_sql(begin)

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: Any) -> None:
        record.info[_RESTED_AT] = clock.elapsed()

    @event.listens_for(engine, "checkout")
    def _look(connection: Any, record: Any, _proxy: Any) -> None:
        rested_at = record.info.get(_RESTED_AT)  # None: it is new
        if rested_at is None:
            return
        try:
            if clock.elapsed() - rested_at >= _RESTED_S or not _is_quiet(connection.fileno()):
                connection.execute("SELECT 1")
        except lost as error:  # another one is taken
            raise exc.DisconnectionError from error

    event.listen(engine, "before_cursor_execute", _refuse_writes_of_readers)
    return engine


def begin_for_cursor(connection: Connection) -> None:
    """Begin a transaction if there is none: rows that are fetched piece by piece need one on PostgreSQL.

    It ends with the block in which the connection was opened.
    """
    if connection.dialect.name != "postgresql":
        return
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status == _NO_TRANSACTION:
        connection.exec_driver_sql(_BEGIN)


def _refuse_writes_of_readers(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    """Refuse to write by mistake: without a transaction nothing would take it back."""
    if connection.get_execution_options().get("read_only") and statement.lstrip().startswith(_WRITES):
        raise PermanentError("The database refused this: it is opened for reading only.")


def _write_begin(options: Any) -> list[str]:
    """Write what a transaction begins with, for one trip; nothing for who reads by single statements."""
    if options.get("isolation_level") == "AUTOCOMMIT":
        return []
    if isolation := options.get("isolation"):
        return [f"{_BEGIN} ISOLATION LEVEL {isolation} READ ONLY"]
    if options.get("read_only"):
        return []
    statements = [_BEGIN]
    if patience_s := options.get("patience_s"):
        statements.append(f"SET LOCAL lock_timeout = {int(patience_s * 1000)}")
    if not options.get("durable", True):
        statements.append("SET LOCAL synchronous_commit TO off")
    return statements


def _is_quiet(line: int) -> bool:
    """Return whether nothing came over a line that rests: its server says so when it ends, or when it ends the line."""
    poll = select.poll()  # which is not limited to the first thousand files
    poll.register(line, select.POLLIN)
    return not poll.poll(0)
