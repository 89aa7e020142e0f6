"""A cache of the statements that make the tables: Alembic builds all of them anew for each empty database."""

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, inspect

_Statement = tuple[str, Any]
_upgrade = command.upgrade


def make_tables_once() -> None:
    """Let each process run the migrations of an empty database once; later ones repeat the statements.

    Saves nine tenths of the time of an upgrade. A database that has tables is always migrated.
    """
    kept: dict[str, list[_Statement]] = {}

    def upgrade(config: Config, revision: str) -> None:
        connection: Connection = config.attributes["connection"]
        dialect = connection.dialect.name
        if revision != "head" or inspect(connection).get_table_names():
            _upgrade(config, revision)
        elif dialect in kept:
            for statement, parameters in kept[dialect]:
                connection.exec_driver_sql(statement, parameters)
        else:
            kept[dialect] = _upgrade_and_note(config, connection)

    command.upgrade = upgrade


def _upgrade_and_note(config: Config, connection: Connection) -> list[_Statement]:
    """Run the migrations; return all that they did."""
    statements: list[_Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.lstrip().startswith(("SELECT", "PRAGMA")):
            statements.append((statement, parameters or None))

    event.listen(connection, "before_cursor_execute", note)
    try:
        _upgrade(config, "head")
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return statements
