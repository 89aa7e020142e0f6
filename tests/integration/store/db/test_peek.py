"""A look at a database creates nothing, migrates nothing and changes nothing."""

from pathlib import Path

import pytest
import sqlalchemy

from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.peek import peek
from zoom_ops.store.tables import event

pytestmark = pytest.mark.both_databases


def test_database_of_this_version_is_read(migrated_database_url: str) -> None:
    with peek(migrated_database_url) as connection:
        assert connection is not None
        assert connection.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(event)) == 0


def test_nothing_can_be_written(migrated_database_url: str) -> None:
    with peek(migrated_database_url) as connection:
        assert connection is not None
        with pytest.raises(sqlalchemy.exc.SQLAlchemyError, match=r"read-?\s?only"):
            connection.execute(sqlalchemy.delete(event))


def test_database_without_our_tables_is_none_and_stays_so(database_url: str) -> None:
    open_database(database_url).close()

    with peek(database_url) as connection:
        assert connection is None

    tables = sqlalchemy.inspect(open_database(database_url).engine).get_table_names()
    assert tables == []


def test_missing_file_is_not_created(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/none/none.db", "sqlite://"):
        with peek(url) as connection:
            assert connection is None

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a database at all, but a letter" * 100])
def test_broken_file_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "zoom_ops.db"
    file.write_bytes(content)

    with peek(f"sqlite:///{file}") as connection:
        assert connection is None

    assert file.read_bytes() == content


def test_server_that_does_not_answer_is_none() -> None:
    with peek("postgresql://nobody@127.0.0.1:1/none") as connection:
        assert connection is None
