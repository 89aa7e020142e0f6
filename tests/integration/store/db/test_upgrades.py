"""A database of every older version, with a row in each table, keeps its content through the upgrade."""

import json
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, Table, insert, inspect, select

from tests.builders import EVENT_ID, NOW, an_event
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.db.migrate import tables_fit, upgrade
from zoom_ops.store.tables import metadata, publication

pytestmark = pytest.mark.both_databases

BOX = SecretBox([make_key()])
HOUR = timedelta(hours=1)
KNOWN: dict[str, dict[str, Any]] = {  # migrations read these values, so they must be realistic
    "event": {
        "id": EVENT_ID,
        "document": an_event().to_json(),
        "start_at": NOW,
        "end_at": NOW,
        "status": "scheduled",
        "recording_gate": "[]",
    },
    "recording": {"files": []},
}
SINCE = "0041"  # no migration before this version changes any more; with --long from the first with a cluster
FIRST_CLUSTER = "0015"  # before this version there was no rolling upgrade
WRITTEN_ANEW = {("recording", "files")}  # the links in it are encrypted since version 0005
NOT_ROWS = ("alembic_version", "meta")
_SHADOWS = "event_fts"  # tables of SQLite's full-text index


def versions() -> list[str]:
    with as_file(files("zoom_ops.store") / "migrations") as folder:
        scripts = ScriptDirectory(str(folder), recursive_version_locations=True)
        return [script.revision for script in scripts.walk_revisions()][::-1]


def in_turn() -> list[Any]:
    """Pair each version with one kind of database, alternately. With the other kind the test is long.

    Before SINCE only the first two versions are not: no migration up to there changes any more.
    """
    kinds, every = ("sqlite", "postgresql"), versions()
    short = {*every[:2], *(version for version in every if version >= SINCE)}
    return [
        pytest.param(kind, version, marks=[] if version in short and (number + place) % 2 else [pytest.mark.long])
        for number, version in enumerate(every[:-1])
        for place, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize(("database_kind", "version"), in_turn())
def test_database_of_an_older_version_keeps_all_that_is_in_it(database_url: str, version: str) -> None:
    database = open_database(database_url)
    migrate_to(database, version)
    fill(database)
    before = read(database)

    upgrade(database, BOX)

    after = read(database)
    database_fits = tables_fit(database)
    database.close()
    kept = {key for key in before if is_of_this_version(*key)} - WRITTEN_ANEW
    assert database_fits
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}


def test_old_publications_get_the_moment_of_the_first(database_url: str) -> None:
    """Where the changes are deleted, the latest publication is all that is known, and nothing says how long it took."""
    database = open_database(database_url)
    migrate_to(database, "0037")
    with database.begin() as connection:
        tables = {table.name: table for table in reflect(connection)}

        def write(table: str, **values: Any) -> None:
            row = {column.name: a_value(column) for column in tables[table].columns if not is_serial(column)}
            connection.execute(insert(tables[table]).values(row | values))

        write("event")
        for uuid in ("told==", "swept==", "old=="):
            write("publication", recording_uuid=uuid, published_at=NOW + 2 * HOUR)
            write("notification", body_hash=uuid, uuid=uuid, kind="recording.completed",
                  event_id=EVENT_ID, received_at=NOW + HOUR if uuid == "swept==" else NOW - HOUR)  # fmt: skip
        for uuid, at in (("told==", NOW), ("told==", NOW + HOUR), ("swept==", NOW)):
            made = {"kind": "PublishRecording", "state": "done", "action": {"recording_uuid": uuid}, "resolved": at}
            write("effect", subject=EVENT_ID, **made)

    upgrade(database, BOX)

    with database.read() as connection:
        rows = connection.execute(select(publication.c["recording_uuid", "first_at", "first_after_ms"])).all()
    database.close()
    assert {uuid: (at, after_ms) for uuid, at, after_ms in rows} == {
        "told==": (NOW, HOUR // timedelta(milliseconds=1)), "swept==": (NOW, None), "old==": (NOW + 2 * HOUR, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    "first", [SINCE, pytest.param(FIRST_CLUSTER, marks=[pytest.mark.long, pytest.mark.timeout(600)])]
)
def test_migration_leaves_alone_what_the_version_before_works_with(database_url: str, first: str) -> None:
    """In a rolling upgrade the older program reads and writes on: its tables and columns must still exist."""
    database = open_database(database_url)
    migrate_to(database, first)
    for older, newer in pairwise(version for version in versions() if version >= first):
        before = columns(database)
        migrate_to(database, newer)

        assert before <= columns(database), (older, newer)
        with database.begin() as connection, connection.begin_nested() as savepoint:
            write_rows(connection, before)
            savepoint.rollback()  # the next one writes the same rows
    database.close()


def migrate_to(database: Database, version: str) -> None:
    with as_file(files("zoom_ops.store") / "migrations") as folder, database.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.set_main_option("recursive_version_locations", "true")
        config.attributes["connection"], config.attributes["box"] = connection, BOX
        command.upgrade(config, version)


def columns(database: Database) -> set[tuple[str, str]]:
    with database.read() as connection:
        tables = reflect(connection)
    return {(table.name, column.name) for table in tables for column in table.columns}


def reflect(connection: Connection) -> list[Table]:
    tables = MetaData()
    names = [name for name in inspect(connection).get_table_names() if not name.startswith((_SHADOWS, *NOT_ROWS))]
    tables.reflect(connection, only=names)
    return list(tables.sorted_tables)


def read(database: Database) -> dict[tuple[str, str], list[Any]]:
    """Return the values of each column, row by row."""
    with database.read() as connection:
        return {
            (table.name, column.name): [in_the_clear(cell) for cell in connection.execute(select(column)).scalars()]
            for table in reflect(connection)
            for column in table.columns
        }


def in_the_clear(cell: Any) -> Any:
    return BOX.unseal(cell) if isinstance(cell, bytes) else cell


def is_of_this_version(table: str, column: str) -> bool:
    return table in metadata.tables and column in metadata.tables[table].columns


def fill(database: Database) -> None:
    """Write a row into each table."""
    with database.begin() as connection:
        write_rows(connection)


def write_rows(connection: Connection, known: set[tuple[str, str]] | None = None) -> None:
    """Write a row into each table, as a program that knows only these columns."""
    ids: dict[Column[Any], int] = {}  # that the database has given
    for table in reflect(connection):
        if known is not None and table.name not in {name for name, _ in known}:
            continue  # a newer program's
        row = {
            column.name: next((ids[key.column] for key in column.foreign_keys if key.column in ids), a_value(column))
            for column in table.columns
            if not is_serial(column) and (known is None or (table.name, column.name) in known)
        }
        written = connection.execute(insert(table).values(row))
        ids |= {column: written.inserted_primary_key[0] for column in table.columns if is_serial(column)}


def is_serial(column: Column[Any]) -> bool:
    return column.primary_key and column.name == "id" and column.type.python_type is int


def a_value(column: Column[Any]) -> Any:
    known = KNOWN.get(column.table.name, {})
    if column.name in known:
        value = known[column.name]
        return json.dumps(value) if not isinstance(column.type, JSON) and isinstance(value, dict | list) else value
    if "event" in {key.column.table.name for key in column.foreign_keys}:
        return EVENT_ID
    if isinstance(column.type, JSON):
        return {}
    if isinstance(column.type, LargeBinary):
        return BOX.seal("text")
    defaults = {int: 1, bool: False, datetime: NOW, float: 1.0}
    return defaults.get(column.type.python_type, "1")
