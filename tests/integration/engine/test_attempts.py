"""Rows that an attempt puts off: they go with its next transaction, and survive one that is rolled back."""

from contextlib import suppress

from sqlalchemy import insert, select

from tests.integration.engine.bench import ask
from zoom_ops.engine.attempts import claim, put_off, putting_off, write_for
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import meta


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(meta.c.name).where(meta.c.name.like("put off%"))).scalars())


def test_row_that_was_put_off_is_written_with_the_next_transaction(database: Database) -> None:
    run = claim(database, ask(database))
    assert run is not None

    with putting_off(database):
        assert put_off(lambda connection: connection.execute(insert(meta).values(name="put off", value="1")))
        before = names(database)
        with write_for(database, run):
            pass
        after = names(database)

    assert (before, after) == (set(), {"put off"})


def test_row_that_was_put_off_survives_a_transaction_that_fails(database: Database) -> None:
    run = claim(database, ask(database))
    assert run is not None

    with putting_off(database):
        put_off(lambda connection: connection.execute(insert(meta).values(name="put off", value="1")))
        with suppress(ZeroDivisionError), write_for(database, run):
            raise ZeroDivisionError

    assert names(database) == {"put off"}


def test_nothing_is_put_off_outside_of_an_effect() -> None:
    assert not put_off(lambda _connection: None)
