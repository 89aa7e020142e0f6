"""Bring the database's tables to the newest version."""

from functools import cache
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from ..errors import ConfigurationError
from .connect import Database
from .secrets import SecretBox

_MIGRATION_LOCK = 7_266_001  # PostgreSQL advisory lock: two first starts do not race


def upgrade(database: Database, box: SecretBox | None = None) -> None:
    """Bring the tables to the newest version; safe to call at each start and from two processes at once.

    `box` encrypts what older versions kept in the clear.
    """
    if is_current(database):
        return
    with as_file(files("zoom_ops.store") / "migrations") as folder, database.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # as long as it takes
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        config.attributes["box"] = box
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigurationError(
                "The tables are of a version that this one does not know; a newer zoom_ops has used this database."
            ) from error


def is_current(database: Database) -> bool:
    """Tell whether the tables are those of this version of the program."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest()


@cache
def _newest() -> str | None:
    """Tell the newest version of the tables that this program knows."""
    with as_file(files("zoom_ops.store") / "migrations") as folder:
        return ScriptDirectory(str(folder)).get_current_head()
