"""The migrations make the tables that the program works with, also when two processes start at once."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from zoom_ops.errors import ConfigurationError
from zoom_ops.store.connect import Database, open_database
from zoom_ops.store.migrate import is_current, upgrade
from zoom_ops.store.tables import metadata

_UPGRADE = """
import sys
from zoom_ops.store.connect import open_database
from zoom_ops.store.migrate import upgrade
sys.stdin.read(1)
upgrade(open_database(sys.argv[1]))
"""


def test_migrations_make_the_tables_of_the_program(database: Database) -> None:
    defaults = not database.is_sqlite  # there Alembic takes the default '' for another one than ''

    with database.read() as connection:
        options = {"compare_type": True, "compare_server_default": defaults}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert differences == []


def test_migrations_make_the_indexes_that_hold_the_rules(database: Database) -> None:
    inspector = inspect(database.engine)

    unique = {
        index["name"]: (index["column_names"], any("where" in str(option) for option in index["dialect_options"]))
        for table in ("run", "effect", "alert")
        for index in inspector.get_indexes(table)
        if index["unique"]
    }

    assert unique == {
        "uq_run_open": (["job", "subject_kind", "subject"], True),
        "uq_effect_intent": (["subject_kind", "subject"], True),
        "uq_alert_open": (["key"], True),
    }


def test_database_is_current_only_after_the_upgrade(database_url: str) -> None:
    database = open_database(database_url)

    before = is_current(database)
    upgrade(database)
    upgrade(database)

    assert (before, is_current(database)) == (False, True)
    database.close()


def test_tables_of_a_newer_version_are_left_alone(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ConfigurationError, match="a newer zoom_ops has used this database"):
        upgrade(database)

    assert not is_current(database)


def test_two_processes_upgrade_at_once(database_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _UPGRADE, database_url],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        process.stdin.write("go")
        process.stdin.flush()

    said = [process.communicate(timeout=60)[1] for process in processes]

    assert [process.returncode for process in processes] == [0, 0], said
    database = open_database(database_url)
    assert is_current(database)
    database.close()
