"""Migration of the database's tables to the newest version.

In a rolling upgrade the old program keeps working with the tables of the new one. So a migration only adds. A later
version removes what no program needs any more. The row `tables_fit_from` of `meta` says which programs the tables fit.
"""

from functools import cache
from importlib.resources import as_file, files

from sqlalchemy import Connection, inspect, text

from ...errors import ConfigurationError
from .connect import Database
from .encryption import SecretBox
from .facts import find_fact, keep_fact

_MIGRATION_LOCK = 7_266_001  # PostgreSQL advisory lock, so that two first starts do not race
_OLDEST_FIT = "0015"  # oldest version whose program can use the newest tables; raise it when a migration removes some
_FIT = "tables_fit_from"


def upgrade(database: Database, box: SecretBox | None = None) -> None:
    """Bring the tables to the newest version; idempotent, and safe to call from two processes at once.

    `box` encrypts what older versions stored as plain text. Raises ConfigurationError for tables of an unknown version
    and for a PostgreSQL database that is not in UTF-8.
    """
    if tables_fit(database):
        return
    from alembic import command  # here, since only a start after an upgrade needs it
    from alembic.config import Config
    from alembic.util import CommandError

    with as_file(files("zoom_ops.store") / "migrations") as folder, database.begin() as connection:
        if not database.is_sqlite:
            _check_encoding(connection)
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a migration may take long
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.set_main_option("recursive_version_locations", "true")  # a folder for each 25 of them
        config.attributes.update(connection=connection, box=box)
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigurationError(
                "The tables are of a version that this one does not know; a newer zoom_ops has used this database."
            ) from error
        keep_fact(connection, _FIT, _OLDEST_FIT)


def tables_fit(database: Database) -> bool:
    """Return whether the tables are those of this version of the program, or newer ones that it can work with."""
    with database.read() as connection:
        return revision_fits(connection)


def revision_fits(connection: Connection) -> bool:
    """Return the same of the database of a connection."""
    newest, known = known_versions()
    revision = _revision(connection)
    if revision is None or revision in known:
        return revision == newest
    return find_fact(connection, _FIT) in known


def is_current(database: Database) -> bool:
    """Return whether the tables are exactly those of this version of the program."""
    with database.read() as connection:
        return _revision(connection) == known_versions()[0]


def _check_encoding(connection: Connection) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise ConfigurationError(
            f"The database's encoding is {encoding}, and names are written in every script: "
            "make it with createdb --encoding=UTF8 --template=template0."
        )


def _revision(connection: Connection) -> str | None:
    """Return the version of the tables, as Alembic stores it; None if there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


@cache
def known_versions() -> tuple[str, frozenset[str]]:
    """Return the newest version of the tables, and all versions that this program knows: each file begins with its."""
    folders = [entry for entry in (files("zoom_ops.store") / "migrations" / "versions").iterdir() if entry.is_dir()]
    names = (file.name for folder in folders for file in folder.iterdir())
    known = frozenset(name.partition("_")[0] for name in names if name.endswith(".py"))
    return max(known), known
