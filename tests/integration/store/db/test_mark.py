"""The mark of a database moves with every commit of others, and with nothing else."""

import asyncio

import pytest
from sqlalchemy import text

from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.mark import CommitMark


def write(database: Database, *, durable: bool = True) -> None:
    """Commit one row."""
    with database.begin(durable=durable) as connection:
        connection.execute(text("INSERT INTO meta (name, value) VALUES ('mark', 'x')"))
        connection.execute(text("DELETE FROM meta WHERE name = 'mark'"))


def test_the_mark_moves_with_each_commit(database: Database) -> None:
    mark, other = CommitMark(database), open_database(database.engine.url.render_as_string(hide_password=False))
    first = mark.take()

    write(database)
    second = mark.take()
    write(database, durable=False)
    third = mark.take()
    write(other)
    fourth = mark.take()

    assert None not in (first, second, third, fourth)
    assert len({first, second, third, fourth}) == 4
    mark.close()
    other.close()


def test_the_mark_stays_while_others_read_and_before_they_commit(database: Database) -> None:
    mark = CommitMark(database)
    with database.begin() as connection:
        connection.execute(text("INSERT INTO meta (name, value) VALUES ('mark', 'x')"))
        first = mark.take()
        with database.engine.connect().execution_options(read_only=True) as reader:
            reader.execute(text("SELECT count(*) FROM event")).scalar_one()

        assert mark.take() == first
    mark.close()


def test_the_mark_of_a_database_that_does_not_answer_equals_none(database: Database) -> None:
    mark = CommitMark(database)
    before = mark.take()

    mark.close()

    assert mark.take() != before  # of another connection: it cannot say whether something was committed
    mark.close()


def test_the_mark_that_a_loop_takes_is_that_of_a_thread_and_a_lost_connection_has_none(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("its mark is taken at once")
    mark = CommitMark(database)
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    async def play() -> tuple[object, ...]:
        first, here = mark.take(), await mark.take_here()
        write(database)
        moved = await mark.take_here()
        with database.engine.connect() as connection:
            connection.execute(others)
        lost = await mark.take_here()
        return first == here, moved == here, lost, mark.is_free

    assert asyncio.run(play()) == (True, False, None, False)
    assert mark.take() is not None
    mark.close()
