"""An installation moves to the other kind of database and back: every row, whatever interrupts the copy.

The copy itself is tried in both directions. What is refused does not depend on it: that is tried from SQLite only.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, make_url, select, text, update

from tests.rows import a_row, add_rows, fill
from zoom_ops.engine.lock import AdvisoryLock, open_lock
from zoom_ops.errors import BadInputError, ConfigurationError, PermanentError, ZoomOpsError
from zoom_ops.operations.admin import move_database
from zoom_ops.operations.admin.doctor import remember_key
from zoom_ops.operations.admin.move_database import move_records
from zoom_ops.store.copy.progress import refuse_half_copied, refuse_moved, take_back
from zoom_ops.store.copy.rows import CHUNK, LEFT_OUT, count_rows, select_rows
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.db.migrate import upgrade
from zoom_ops.store.db.upsert import upsert
from zoom_ops.store.full_text import matching
from zoom_ops.store.tables import audit, event, event_change, meta, metadata, run, zoom_call

BOX = SecretBox([make_key()])


class Interrupted(Exception):
    """The move is interrupted."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A source with rows, and a target of the other kind."""

    source: Database
    target_url: str

    @property
    def source_url(self) -> str:
        """The address of the source."""
        return self.source.engine.url.set(drivername=self.source.engine.dialect.name).render_as_string(False)

    def make(self, watch: Callable[..., None] = lambda *_: None, box: SecretBox = BOX) -> dict[str, int]:
        """Move the records."""
        return move_records(self.source_url, self.target_url, box, watch)

    def interrupted(self, stage: str, rows: int) -> None:
        """Move the records, and interrupt the move once this many rows have reached a stage."""

        def watch(at: str, done: int, _total: int) -> None:
            if at == stage and done >= rows:
                raise Interrupted

        with pytest.raises(Interrupted):
            self.make(watch)

    @contextmanager
    def target(self) -> Iterator[Database]:
        """Open the target in the block."""
        database = open_database(self.target_url)
        try:
            yield database
        finally:
            database.close()


@pytest.fixture
def move(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Move]:
    """A source of each kind, with a target of the other kind."""
    if not database.is_sqlite:
        yield Move(source=database, target_url=f"sqlite:///{tmp_path / 'target.db'}")
        return
    cluster = request.getfixturevalue("postgres")
    name = f"target_{tmp_path.name}"
    yield Move(source=database, target_url=cluster.create(name))
    cluster.drop(name)


def test_every_table_is_copied_or_left_out_with_a_reason(database: Database) -> None:
    with database.read() as connection:
        names = inspect(connection).get_table_names()

    known = {table.name for table in metadata.sorted_tables}
    assert [name for name in names if name not in known and not name.startswith(tuple(LEFT_OUT))] == []
    assert all(LEFT_OUT.values())


@pytest.mark.both_databases
def test_every_row_of_every_table_is_copied(move: Move) -> None:
    fill(move.source, 7)
    add_rows(move.source, zoom_call, range(8, 2 * CHUNK))

    rows = move.make()

    assert rows == dict.fromkeys(rows, 7) | {"zoom_call": 2 * CHUNK - 1}
    with move.target() as target:
        assert contents(target) == contents(move.source)


@pytest.mark.both_databases
def test_copied_database_goes_on_where_the_source_was(move: Move) -> None:
    fill(move.source, 5)
    move.make()

    with move.target() as target:
        with target.begin() as connection:
            row = {name: value for name, value in a_row(event_change, 5).items() if name != "id"}
            connection.execute(event_change.insert(), row)
        with target.read() as connection:
            assert connection.execute(select(event_change.c.id).order_by(event_change.c.id)).scalars().all()[-1] == 36
            matches = (
                connection.execute(select(event.c.id).where(matching(connection, "harbour 潮汐 part4"))).scalars().all()
            )
        assert matches == ["id/4 ’"]
        with pytest.raises(ZoomOpsError), target.begin() as connection:
            connection.execute(update(audit).values(who="nobody"))
        refuse_half_copied(target)


@pytest.mark.parametrize(
    ("database_kind", "stage", "rows"),
    [
        ("sqlite", "copied", 1),
        ("postgresql", "copied", CHUNK + 20),
        ("sqlite", "checked", 1),
        pytest.param("postgresql", "copied", 1, marks=pytest.mark.long),
        pytest.param("sqlite", "copied", CHUNK + 20, marks=pytest.mark.long),
        pytest.param("postgresql", "checked", 1, marks=pytest.mark.long),
    ],
)
def test_interrupted_copy_goes_on_where_it_was(move: Move, stage: str, rows: int) -> None:
    fill(move.source, 3)
    add_rows(move.source, run, range(4, 3 * CHUNK))
    stages = list[tuple[str, int]]()

    move.interrupted(stage, rows)
    with move.target() as target, target.read() as connection:
        there = sum(count_rows(connection).values())
        with pytest.raises(ConfigurationError, match="begun and is not whole"):
            refuse_half_copied(target)
    move.make(lambda at, done, _: stages.append((at, done)))

    assert next((done for at, done in stages if at == "copied"), there + 1) > there > 0
    with move.target() as target:
        assert contents(target) == contents(move.source)
        refuse_half_copied(target)


def test_source_of_a_whole_copy_is_left_for_good_unless_it_is_taken_back(move: Move, tmp_path: Path) -> None:
    fill(move.source, 2)
    move.make()

    with pytest.raises(ConfigurationError, match="was moved to") as refused:
        refuse_moved(move.source)
    with pytest.raises(ConfigurationError, match="was moved to"):
        move_records(move.source_url, f"sqlite:///{tmp_path}/third.db", BOX, lambda *_: None)
    with move.source.begin() as connection:
        taken = [take_back(connection), take_back(connection)]

    assert (make_url(move.target_url).database or "") in str(refused.value)
    assert (make_url(move.target_url).password or "no password") not in str(refused.value)
    assert taken == [True, False]
    refuse_moved(move.source)
    with move.target() as target:
        refuse_moved(target)


def test_copy_that_ends_between_leaving_and_arriving_starts_nowhere_until_it_is_given_again(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_target: Database) -> None:
        raise Interrupted

    fill(move.source, 2)
    with monkeypatch.context() as patched:
        patched.setattr(move_database, "finish_copy", interrupted)
        with pytest.raises(Interrupted):
            move.make()

    with pytest.raises(ConfigurationError, match="was moved to"):
        refuse_moved(move.source)
    with move.target() as target, pytest.raises(ConfigurationError, match="begun and is not whole"):
        refuse_half_copied(target)
    move.make()

    with move.target() as target:
        refuse_half_copied(target)
        assert contents(target) == contents(move.source)


def test_target_that_only_was_started_once_takes_a_copy(move: Move) -> None:
    fill(move.source, 2)
    with move.target() as target:
        upgrade(target)
        remember_key(target, SecretBox([make_key()]))

    move.make()

    with move.target() as target:
        assert contents(target) == contents(move.source)


def test_target_with_other_records_is_refused_and_left_alone(move: Move) -> None:
    with move.target() as target:
        upgrade(target)
        add_rows(target, event, range(9, 10))
        before = contents(target)

    with pytest.raises(BadInputError, match="The target holds other records, in event"):
        move.make()

    with move.target() as target:
        assert contents(target) == before


def test_copy_of_what_was_worked_on_since_is_refused(move: Move) -> None:
    fill(move.source, 2)
    move.interrupted("copied", 20)
    with move.source.begin() as connection:
        upsert(connection, meta, {"name": "heartbeat"}, {"value": "2040-01-24T12:00:00+00:00"})

    with pytest.raises(ConfigurationError, match="A daemon has worked on the source since"):
        move.make()


def test_interrupted_copy_of_another_installation_is_refused(move: Move) -> None:
    fill(move.source, 2)
    move.interrupted("copied", 20)
    with move.source.begin() as connection:
        upsert(connection, meta, {"name": "installation"}, {"value": "another"})

    with pytest.raises(ConfigurationError, match="an interrupted copy of another installation"):
        move.make()


@pytest.mark.both_databases
def test_rows_that_differ_are_named_without_their_values(move: Move) -> None:
    fill(move.source, 3)
    move.interrupted("checked", 1)
    with move.target() as target, target.begin() as connection:
        connection.execute(update(run).where(run.c.id == 14).values(outcome="something else", fence=1))
        connection.execute(run.delete().where(run.c.id == 21))
        connection.execute(zoom_call.insert(), a_row(zoom_call, 9))

    with pytest.raises(PermanentError, match="The copy is not the same as the source") as refused:
        move.make()

    assert refused.value.__notes__ == [
        "run id=14: fence, outcome other in the target.",
        "run id=21: missing in the target.",
        "run: 3 rows in the source, 2 in the target.",
        "zoom_call: 3 rows in the source, 4 in the target.",
    ]
    with move.target() as target, pytest.raises(ConfigurationError):
        refuse_half_copied(target)


@pytest.mark.both_databases
@pytest.mark.parametrize("which", ["source", "target"])
def test_copy_is_refused_beside_a_daemon(move: Move, which: str) -> None:
    with ExitStack() as stack:
        database = move.source if which == "source" else stack.enter_context(move.target())
        lock = open_lock(database) if database.is_sqlite else AdvisoryLock(database, shared=True)
        stack.callback(lock.release)
        assert lock.acquire()

        with pytest.raises(ConfigurationError, match=f"Another zoom_ops process works on the {which}"):
            move.make()


def test_no_daemon_starts_and_nothing_is_written_during_a_copy(move: Move) -> None:
    fill(move.source, 2)
    tried = list[tuple[bool, bool]]()

    def watch(stage: str, _done: int, _total: int) -> None:
        if stage == "checked" and not tried:
            with move.target() as target:
                tried.append((open_lock(move.source).acquire(), open_lock(target).acquire()))
            with pytest.raises(ZoomOpsError), move.source.begin(patience_s=0.2) as connection:
                upsert(connection, meta, {"name": "written"}, {"value": "meanwhile"})

    move.make(watch)

    assert tried == [(False, False)]


def test_database_is_not_copied_to_itself(move: Move) -> None:
    with pytest.raises(BadInputError, match="the same database"):
        move_records(move.source_url, move.source_url, BOX, lambda *_: None)


@pytest.mark.both_databases
def test_source_of_another_version_is_refused(move: Move) -> None:
    with move.source.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0014'"))

    with pytest.raises(ConfigurationError, match="zoom-ops db upgrade"):
        move.make()


def test_source_that_is_half_a_copy_is_refused(move: Move, tmp_path: Path) -> None:
    fill(move.source, 2)
    move.interrupted("copied", 20)

    with pytest.raises(ConfigurationError, match="begun and is not whole"):
        move_records(move.target_url, f"sqlite:///{tmp_path}/third.db", BOX, lambda *_: None)


def test_source_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no such database file"):
        move_records(f"sqlite:///{tmp_path}/absent.db", f"sqlite:///{tmp_path}/target.db", BOX, lambda *_: None)

    assert list(tmp_path.iterdir()) == []


def test_other_secret_key_is_refused(move: Move) -> None:
    remember_key(move.source, BOX)

    with pytest.raises(ConfigurationError, match="SECRET_KEY does not fit"):
        move.make(box=SecretBox([make_key()]))

    assert move.make()["meta"] == 1


EVENT = "event id=id/2 \\u2019"
ORPHAN = "approval event_id=id/2 \\u2019, field=field/2 \\u2019, text_hash=text_has/2 \\u2019"


@pytest.mark.parametrize(
    ("statement", "complaint", "mended"),
    [
        (
            "UPDATE event SET series = 'a' || char(0) WHERE id = 'id/2 ’'",
            f"{EVENT}: series holds a NUL character.",
            "UPDATE event SET series = 'a' WHERE id = 'id/2 ’'",
        ),
        (
            "UPDATE event SET name = CAST(X'61FF' AS TEXT) WHERE id = 'id/2 ’'",
            f"{EVENT}: name holds bytes that are no text in UTF-8.",
            "UPDATE event SET name = 'a' WHERE id = 'id/2 ’'",
        ),
        (
            "UPDATE run SET fence = 3000000000 WHERE id = 14",
            "run id=14: fence is a number too large.",
            "UPDATE run SET fence = 3 WHERE id = 14",
        ),
        (
            "UPDATE contact SET email = hex(zeroblob(200)) WHERE id = 14",
            "contact id=14: email is longer than 320 characters.",
            "UPDATE contact SET email = 'mei-ling.chen@example.org' WHERE id = 14",
        ),
        (
            "PRAGMA foreign_keys = OFF; UPDATE approval SET event_id = 'nowhere' WHERE event_id = 'id/2 ’'",
            f"{ORPHAN}: insert or update on table".replace("id/2", "nowhere", 1).replace(" \\u2019", "", 1)
            + ' "approval" violates foreign key constraint "approval_event_id_fkey".',
            "DELETE FROM approval WHERE event_id = 'nowhere'",
        ),
    ],
    ids=["nul", "letters", "number", "length", "orphan"],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_postgresql_does_not_take_is_named_and_can_be_mended(
    move: Move, statement: str, complaint: str, mended: str
) -> None:
    fill(move.source, 3)
    on_file(move.source, statement)

    with pytest.raises(PermanentError, match="Nothing is lost") as refused:
        move.make()
    on_file(move.source, mended)
    move.make()

    assert refused.value.__notes__ == [complaint]
    with move.target() as target:
        assert contents(target) == contents(move.source)


def on_file(database: Database, statements: str) -> None:
    """Run statements on a SQLite file as a person does with SQLite's own program."""
    driver = database.engine.raw_connection()
    driver.executescript(statements)  # type: ignore[attr-defined]
    driver.close()


def contents(database: Database) -> dict[str, Any]:
    """Return all rows of a database by table."""
    with database.read() as connection:
        return {
            table.name: sorted(
                (
                    [sorted(value.split()) if name == "words" else value for name, value in row.items()]
                    for row in connection.execute(select_rows(table, connection)).mappings()
                ),
                key=repr,
            )
            for table in metadata.sorted_tables
        }
