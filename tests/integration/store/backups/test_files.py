"""Backups in a folder: what is made, kept and deleted there; what is refused as a backup, in one sentence."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from tests.builders import NOW, an_event
from tests.integration.service import TestClock
from zoom_ops.errors import BadInputError, ZoomOpsError
from zoom_ops.operations.admin.doctor import remember_key
from zoom_ops.store.backups.files import back_up_into, list_backups, read_backup
from zoom_ops.store.db.backup import back_up
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.db.migrate import known_versions
from zoom_ops.store.events import save_event
from zoom_ops.store.tables import meta

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
BOX = SecretBox([make_key()])
OURS, HOUR = "1a2b3c4d", timedelta(hours=1)


@pytest.fixture
def source(database: Database) -> Database:
    """A database with one event, of an installation with a key."""
    remember_key(database, BOX)
    with database.begin() as connection:
        connection.execute(insert(meta).values(name="installation", value=OURS))
        save_event(connection, an_event(), NOW)
    return database


@pytest.fixture
def good(source: Database, tmp_path: Path) -> Path:
    """A good backup of it."""
    back_up(source, tmp_path / "good.db")
    return tmp_path / "good.db"


def change(file: Path, *statements: str) -> Path:
    """Change a database by SQL."""
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return file


def refusal(file: Path, box: SecretBox | None = BOX) -> str:
    """Return the sentence with which a file is refused as a backup, without its name."""
    with pytest.raises(BadInputError) as refused:
        read_backup(file, box)
    assert str(refused.value).startswith(f"{file}: ")
    return str(refused.value).removeprefix(f"{file}: ")


def test_backup_is_one_file_for_its_owner_with_all_that_is_known(source: Database, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    size = back_up(source, tmp_path / "today.db", lambda *progress: told.append(progress))
    content = read_backup(tmp_path / "today.db", BOX)

    assert (content.bytes, content.installation, content.rows["event"]) == (size, OURS, 1)
    assert (content.current, content.moved_to) == (True, None)
    assert (tmp_path / "today.db").stat().st_mode & 0o777 == 0o600
    assert told[-1] == ("copies checked", 1, 1)
    assert sorted(path.name for path in tmp_path.iterdir() if "today" in path.name) == ["today.db"]


def test_backup_is_whole_though_others_write_all_the_time(source: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(str(source.engine.url.database))) as other:
        other.execute("CREATE TABLE filler (content BLOB)")
        other.execute("INSERT INTO filler SELECT zeroblob(40000000)")
        other.commit()
        steps: list[int] = []

        def write(_stage: str, done: int, _total: int) -> None:
            steps.append(done)
            other.execute("INSERT INTO filler VALUES (zeroblob(100))")
            other.commit()

        back_up(source, tmp_path / "busy.db", write)

    with closing(sqlite3.connect(tmp_path / "busy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM filler").fetchone() == (1,)
    assert len(steps) > 4


def test_only_the_oldest_of_our_own_backups_are_deleted(tmp_path: Path, source: Database) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    strangers = (
        "zoom_ops-99999999-20300101T000000Z.db",  # of another installation
        f"zoom_ops-{OURS}-20300101T000000Z.db.gz",
        f"zoom_ops-{OURS}-yesterday.db",
        f"zoom_ops-{OURS}-20301332T256161Z.db",
        "notes.txt",
    )
    for name in (*strangers, f".zoom_ops-{OURS}-20300101T000000Z.db.part", f"zoom_ops-{OURS}-20300101T000000Z.db"):
        (folder / name).write_bytes(b"x")
    (folder / f"zoom_ops-{OURS}-20300102T000000Z.db").mkdir()
    clock = TestClock()
    url = source.engine.url.render_as_string(hide_password=False)

    with closing(open_database(url, clock)) as database:
        made = []
        for _ in range(4):
            made.append(back_up_into(database, folder, OURS, keep=2))
            clock.advance(HOUR)

    kept = [backup.file.name for backup in made[-2:]]
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == sorted([*strangers, *kept])
    assert [len(backup.removed) for backup in made] == [0, 1, 1, 1]
    assert list_backups(folder, OURS) == [made[3].file, made[2].file]


def test_backup_of_a_clock_that_was_put_back_is_not_deleted_as_the_oldest(source: Database, tmp_path: Path) -> None:
    future = tmp_path / f"zoom_ops-{OURS}-29990101T000000Z.db"
    future.write_bytes(b"x")

    made = back_up_into(source, tmp_path, OURS, keep=1)

    assert made.file.exists()
    assert made.removed == (future,)


@pytest.mark.parametrize("taken", ["file", "link", "folder"])
def test_nothing_is_written_over(source: Database, tmp_path: Path, taken: str) -> None:
    target = tmp_path / "taken.db"
    {"file": target.touch, "link": lambda: target.symlink_to("nowhere"), "folder": target.mkdir}[taken]()

    with pytest.raises(BadInputError, match="There is a file of that name already"):
        back_up(source, target)


def test_backup_that_cannot_be_made_leaves_nothing_and_deletes_nothing(source: Database, tmp_path: Path) -> None:
    older = back_up_into(source, tmp_path / "backups", OURS, keep=1).file
    renamed = older.rename(older.with_name(f"zoom_ops-{OURS}-20300101T000000Z.db"))

    def fill_the_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ZoomOpsError, match="could not be written: No space left on device"):
        back_up_into(source, tmp_path / "backups", OURS, keep=1, watch=fill_the_disk)

    assert list((tmp_path / "backups").iterdir()) == [renamed]


Spoil = Callable[[Path], object]
UNREADABLE: dict[str, tuple[Spoil, str]] = {
    "none": (lambda file: file.unlink(), "There is no such file."),
    "a folder": (lambda file: (file.unlink(), file.mkdir()), "This is a folder; a backup is one file in it."),
    "a pipe": (lambda file: (file.unlink(), os.mkfifo(file)), "This is no file."),
    "empty": (lambda file: file.write_bytes(b""), "The file is empty."),
    "a text": (lambda file: file.write_text("name,email\n" * 50), "This is no SQLite database."),
    "a short text": (lambda file: file.write_text("SQL"), "The file is cut off"),
    "half": (lambda file: os.truncate(file, file.stat().st_size // 2), "The file is cut off: it has "),
    "its head alone": (lambda file: os.truncate(file, 50), "The file is cut off"),
    "overwritten": (lambda file: file.write_bytes(file.read_bytes()[:8192] + b"\xff" * (file.stat().st_size - 8192)), "The file is damaged: "),  # noqa: E501
    "another program's": (lambda file: (file.unlink(), change(file, "CREATE TABLE song (title)")), "This is a database of another program"),  # noqa: E501
    "newer": (lambda file: change(file, "UPDATE alembic_version SET version_num = '9001'"), "A newer zoom_ops wrote it: its tables are of version 9001"),  # noqa: E501
    "half of a move": (lambda file: change(file, "INSERT INTO meta VALUES ('copy', '{}')"), "It is half of a copy"),
    "with a lost row": (lambda file: change(file, "INSERT INTO approval VALUES ('gone', 'start', 'x', 'me', '2040-01-01')"), "The file is damaged: a row of approval refers to a lost one of event."),  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("spoilt", UNREADABLE)
def test_what_is_no_backup_is_refused_in_one_sentence(good: Path, spoilt: str) -> None:
    spoil, sentence = UNREADABLE[spoilt]
    spoil(good)

    assert refusal(good).startswith(sentence)


def test_backup_of_another_key_is_refused_with_the_way_on(good: Path) -> None:
    assert "SECRET_KEY does not open it. With the secret.key of then" in refusal(good, SecretBox([make_key()]))
    assert "bring the secret.key of its installation along" in refusal(good, None)


def test_older_tables_are_told(good: Path) -> None:
    newest, known = known_versions()
    older = sorted(known - {newest})[-1]
    content = read_backup(change(good, f"UPDATE alembic_version SET version_num = '{older}'"), BOX)

    assert (content.tables, content.current) == (older, False)


def test_nothing_is_written_beside_a_backup_that_is_read(good: Path) -> None:
    alone = good.parent / "alone"
    alone.mkdir()
    shutil.move(good, alone / "good.db")
    before = (alone / "good.db").read_bytes()

    read_backup(alone / "good.db", BOX)

    assert [path.name for path in alone.iterdir()] == ["good.db"]
    assert (alone / "good.db").read_bytes() == before
