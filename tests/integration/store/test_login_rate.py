"""Old counts of attempts are forgotten by later ones, which neither work long for that nor wait for each other."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from tests.builders import NOW
from zoom_ops.store.db.connect import Database
from zoom_ops.store.identity.login_rate import forget_old, lock_free, set_free
from zoom_ops.store.tables import pace

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def counted(database: Database) -> Database:
    """A database with the counts of a flood of guesses."""
    with database.begin() as connection:
        connection.execute(insert(pace), [{"key": f"key-{number:03}", "free_at": NOW} for number in range(250)])
    return database


@pytest.mark.both_databases
def test_attempt_forgets_a_few_old_counts(counted: Database) -> None:
    left = []
    for _ in range(3):
        with counted.begin() as connection:
            forget_old(connection, LATER)
            left.append(connection.scalar(select(func.count()).select_from(pace)))

    assert left == [150, 50, 0]


class TestOnPostgreSQL:
    """SQLite has one writer at a time."""

    @pytest.fixture
    def database_kind(self) -> str:
        return "postgresql"

    def test_attempt_does_not_wait_for_another_that_began_an_old_count_anew(self, counted: Database) -> None:
        with counted.begin() as one, counted.begin(patience_s=1) as another:
            set_free(one, dict.fromkeys(lock_free(one, {"key-000": None}, LATER), LATER))
            forget_old(another, LATER)
            forgotten = another.scalar(select(func.count()).select_from(pace))

        assert forgotten == 150
