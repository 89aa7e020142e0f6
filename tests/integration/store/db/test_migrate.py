"""The migrations create the tables of the program, also when two processes start at once."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, make_url, text

from tests.builders import EVENT_ID, NOW, a_recording_file, an_event
from tests.root import ROOT
from zoom_ops.errors import ConfigurationError
from zoom_ops.store.db import migrate
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.db.migrate import tables_fit, upgrade
from zoom_ops.store.event_queries import ProgrammeFilter, iter_conditions, load_gates
from zoom_ops.store.lists.pages import Totals, count_listed
from zoom_ops.store.recordings import _file_to_json, load_recordings, read_recording
from zoom_ops.store.tables import metadata
from zoom_ops.store.webinars import find_join_url

pytestmark = pytest.mark.both_databases

LINK = "https://zoom.example.org"

_UPGRADE = """
import sys
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.migrate import upgrade
sys.stdin.read(1)
upgrade(open_database(sys.argv[1]))
"""


def test_migrations_make_the_tables_of_the_program(database: Database) -> None:
    defaults = not database.is_sqlite  # on SQLite Alembic reports a difference between two equal defaults ''

    with database.read() as connection:
        options = {"compare_type": True, "compare_server_default": defaults, "include_name": is_of_the_program}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert differences == []


def is_of_the_program(name: str | None, _kind: str, _parents: object) -> bool:
    """Return whether the models define the table or index. The full-text indexes and what triggers write are not."""
    return not str(name).startswith(("event_fts", "gin_", "list_change", "plan_change"))


def test_migrations_make_the_same_indexes_partial(database: Database) -> None:
    named = {index.name for table in metadata.tables.values() for index in table.indexes if is_partial(index.kwargs)}
    inspector = inspect(database.engine)

    made = {
        index["name"]
        for table in metadata.tables
        for index in inspector.get_indexes(table)
        if is_partial(index["dialect_options"])
    }

    assert made == named
    assert len(made) > 5


def is_partial(options: Mapping[str, object]) -> bool:
    """Return whether an index is only over the rows that meet a condition."""
    return any(name.endswith("_where") for name in options)


def test_migrations_make_the_indexes_that_hold_the_rules(database: Database) -> None:
    inspector = inspect(database.engine)

    unique = {
        index["name"]: (index["column_names"], is_partial(index["dialect_options"]))
        for table in ("run", "effect", "alert")
        for index in inspector.get_indexes(table)
        if index["unique"]
    }

    assert unique == {
        "uq_run_open": (["job", "subject_kind", "subject"], True),
        "uq_effect_intent": (["subject_kind", "subject"], True),
        "uq_alert_open": (["key"], True),
    }


def test_tables_fit_only_after_the_upgrade(database_url: str) -> None:
    database = open_database(database_url)

    before = tables_fit(database)
    upgrade(database)
    upgrade(database)

    assert (before, tables_fit(database)) == (False, True)
    database.close()


@pytest.mark.process
def test_two_processes_upgrade_at_once(database_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _UPGRADE, database_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        process.stdin.write("go")
        process.stdin.flush()

    errors = [process.communicate(timeout=60)[1] for process in processes]

    assert [process.returncode for process in processes] == [0, 0], errors
    database = open_database(database_url)
    assert tables_fit(database)
    database.close()


def test_links_that_an_older_version_kept_in_the_clear_are_encrypted(database_url: str, tmp_path: Path) -> None:
    box, database = SecretBox([make_key()]), open_database(database_url)
    fill(database, box, "0004")

    upgrade(database, box)

    with database.read() as connection:
        row = load_recordings(connection, EVENT_ID)[0]
        assert find_join_url(connection, box, EVENT_ID) == f"{LINK}/j/1?pwd=tidewater"
        assert find_join_url(connection, box, "other") is None
        assert read_recording(row, box, 1).share_url == f"{LINK}/rec/share/film"
        assert [file.play_url for file in read_recording(row, box, 1).files] == [f"{LINK}/rec/play/film", None]
        stored = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in ("binding", "recording")]
    database.close()
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*.db*"))
    assert LINK not in str(stored)
    assert LINK.encode() not in left


@pytest.mark.parametrize("other", [None, SecretBox([make_key()])])
def test_links_are_not_encrypted_with_a_key_that_is_not_the_databases(
    database_url: str, other: SecretBox | None
) -> None:
    database = open_database(database_url)
    fill(database, SecretBox([make_key()]), "0004")

    with pytest.raises(ConfigurationError, match=r"SECRET_KEY does not fit|secret key is needed"):
        upgrade(database, other)

    with database.read() as connection:
        assert connection.execute(text("SELECT share_url FROM recording")).scalar_one() == f"{LINK}/rec/share/film"
    database.close()


def test_series_of_an_older_version_get_their_addresses(database_url: str) -> None:
    box, database = SecretBox([make_key()]), open_database(database_url)
    fill(database, box, "0004")

    upgrade(database, box)

    with database.read() as connection:
        rows = connection.execute(text("SELECT id, series_slug, sequence FROM event ORDER BY id")).all()
    database.close()
    assert [tuple(row) for row in rows] == [(EVENT_ID, "harbour-talks", 0), ("other", None, 0)]


def test_events_of_an_older_version_are_found(database_url: str) -> None:
    box, database = SecretBox([make_key()]), open_database(database_url)
    fill(database, box, "0004")

    upgrade(database, box)

    with database.read() as connection:
        filters = ProgrammeFilter(words="harbour talks", language="en", year=2040)
        where = tuple(iter_conditions(connection, filters))
        assert count_listed(connection, NOW, where, found=True) == Totals(coming=0, past=1)
        assert load_gates(connection) == ((),)
    database.close()


def fill(database: Database, box: SecretBox, version: str) -> None:
    """Create a database of an older version, with a webinar and its recording."""
    folder = Path(migrate.__file__).parents[1] / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("recursive_version_locations", "true")
    files = [_file_to_json(a_recording_file(play_url=url), box) for url in (f"{LINK}/rec/play/film", None)]
    files[0]["play_url"] = f"{LINK}/rec/play/film"
    row = {
        "files": json.dumps(files),
        "word": (box.seal("zoom_ops") or b"").decode(),
        "at": f"{NOW:%Y-%m-%d %H:%M:%S.%f}",
        "no": False,
    }
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for event in (an_event(), an_event(id="other", series=None)):
            kept = {"id": event.id, "series": event.series, "document": json.dumps(event.to_json())}
            connection.execute(text(_AN_OLD_EVENT), row | kept)
        for statement in _AN_OLD_WEBINAR:
            connection.execute(text(statement), row)


_AN_OLD_EVENT = (
    "INSERT INTO event (id, name, series, start_at, end_at, status, profile, document, created_at, updated_at) VALUES"
    " (:id, 'Tides of Tomorrow', :series, :at, :at, 'scheduled', 'default', :document, :at, :at)"
)
_AN_OLD_WEBINAR = (
    "INSERT INTO meta (name, value) VALUES ('key_check', :word)",
    "INSERT INTO binding (event_id, account, host, webinar_id, uuid, known, asked, refused,  origin, state,"
    " known_at, created_at, join_url, registration_url) VALUES"
    f" ('{EVENT_ID}', 'main', 'h', 1, 'u', '{{}}', '{{}}', '{{}}', 'created', 'bound', :at, :at,"
    f" '{LINK}/j/1?pwd=tidewater', '{LINK}/register/1'),"
    " ('other', 'main', 'h', 2, 'u', '{}', '{}', '{}', 'created', 'bound', :at, :at, NULL, NULL)",
    "INSERT INTO recording (uuid, event_id, duration, state, share_url, files, fetched_at) VALUES"
    f" ('uuid', '{EVENT_ID}', 75, 'completed', '{LINK}/rec/share/film', :files, :at)",
)


def test_program_works_on_with_tables_of_a_newer_one_that_say_so(database_url: str) -> None:
    """In a rolling upgrade the first new process migrates, and the old ones work on until they are replaced."""
    database, newest = open_database(database_url), "9001"
    upgrade(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})

    fit = tables_fit(database)
    upgrade(database)  # as at the restart of an old process
    with database.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '9000' WHERE name = 'tables_fit_from'"))

    assert fit
    assert not tables_fit(database)  # the tables no longer fit once something was removed
    with pytest.raises(ConfigurationError, match="a newer zoom_ops"):
        upgrade(database)
    database.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_database_that_cannot_hold_every_script_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    database = open_database(make_url(database_url).set(database="ascii").render_as_string(hide_password=False))

    with pytest.raises(ConfigurationError, match="The database's encoding is SQL_ASCII"):
        upgrade(database)

    database.close()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE ascii")
