"""How many records of homes there are, for operators."""

import pytest
from sqlalchemy import insert

from tests.builders import NOW
from tests.plans.plans import listening
from zoom_ops.store.db.connect import Database
from zoom_ops.store.homes.figures import count_records, list_troubled
from zoom_ops.store.tables import home_record

pytestmark = pytest.mark.both_databases


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with records of two homes, some of which are gone."""
    records = [("city", state, gone) for state in ("taken", "wrong", "deleted") for gone in (None, NOW, None)]
    rows = [
        {"home": home, "record": f"{number}", "state": state, "gone_at": gone, "read_at": NOW}
        for number, (home, state, gone) in enumerate([*records, ("port", "left_out", NOW)])
    ]
    with database.begin() as connection:
        connection.execute(insert(home_record), rows)
    return database


def test_records_are_counted_by_home_and_state_and_those_that_are_gone(filled: Database) -> None:
    with filled.read() as connection:
        counts = count_records(connection)

    assert counts == {"city": {"taken": 2, "wrong": 2, "gone": 2, "deleted": 3}, "port": {"gone": 1}}


def test_records_are_counted_without_their_documents(filled: Database) -> None:
    with listening(filled) as heard, filled.read() as connection:
        count_records(connection)

    ((sql, parameters),) = heard.items()
    with filled.begin() as connection:
        if not filled.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # the quickest for ten rows
        explain = "EXPLAIN QUERY PLAN" if filled.is_sqlite else "EXPLAIN"
        steps = connection.exec_driver_sql(f"{explain} {sql}", parameters.values).all()

    assert "ix_home_record_state" in str(steps)


def test_troubled_records_of_one_pull_are_listed_in_one_order(filled: Database) -> None:
    with filled.read() as connection:
        assert [each.record for each in list_troubled(connection, "city", 3)] == ["3", "4", "5"]
