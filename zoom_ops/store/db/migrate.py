"""Bring the database's tables to the newest version.

In a rolling upgrade the old program works on with the new one's tables. So a migration only adds; what is to go is
taken away by a later version, once no program needs it. Which programs the tables fit is written down beside them.
"""

from functools import cache
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, select

from ...errors import ConfigurationError
from ..tables import meta
from .connect import Database
from .encryption import SecretBox
from .upsert import upsert

_MIGRATION_LOCK = 7_266_001  # PostgreSQL advisory lock: two first starts do not race
_OLDEST_FIT = "0015"  # whoever knows these tables may work with the newest: raise it with what takes something away
_FIT = "tables_fit_from"


def upgrade(database: Database, box: SecretBox | None = None) -> None:
    """Bring the tables to the newest version; safe to call at each start and from two processes at once.

    `box` encrypts what older versions kept in the clear.
    """
    if tables_fit(database):
        return
    with as_file(files("zoom_ops.store") / "migrations") as folder, database.begin() as connection:
        if not database.is_sqlite:
            _check_encoding(connection)
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
        upsert(connection, meta, {"name": _FIT}, {"value": _OLDEST_FIT})


def tables_fit(database: Database) -> bool:
    """Tell whether the tables are those of this version of the program, or newer ones that it can work with."""
    newest, known = _versions()
    with database.read() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found == newest:
            return True
        return found is not None and found not in known and _fit_from(connection) in known


def is_current(database: Database) -> bool:
    """Tell whether the tables are exactly those of this version of the program."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _versions()[0]


def _check_encoding(connection: Connection) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise ConfigurationError(
            f"The database's encoding is {encoding}, and names are written in every script: "
            "make it with createdb --encoding=UTF8 --template=template0."
        )


def _fit_from(connection: Connection) -> str | None:
    fit: str | None = connection.execute(select(meta.c.value).where(meta.c.name == _FIT)).scalar_one_or_none()
    return fit


@cache
def _versions() -> tuple[str | None, frozenset[str]]:
    """Tell the newest version of the tables, and all that this program knows."""
    with as_file(files("zoom_ops.store") / "migrations") as folder:
        script = ScriptDirectory(str(folder))
        return script.get_current_head(), frozenset(one.revision for one in script.walk_revisions())
