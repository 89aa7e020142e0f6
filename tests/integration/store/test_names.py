"""Ids by their beginning, also among very many."""

import re
from typing import Any, get_args

import pytest
import sqlalchemy

from tests.builders import an_event
from zoom_ops.store.db.connect import Database
from zoom_ops.store.events import save_event
from zoom_ops.store.names import Kind, find_names, is_name

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("kind", get_args(Kind))
def test_names_of_every_kind_can_be_found(database: Database, kind: Kind) -> None:
    with database.read() as connection:
        assert find_names(connection, kind, "a", limit=5) == ()


def test_name_that_is_just_that_comes_first_and_the_others_by_time(database: Database) -> None:
    with database.begin() as connection:
        for name in ("tides-1", "tides", "tides-2", "wave", "tid"):
            save_event(connection, an_event(id=name, name=f"About {name}"), database.now(connection))

    with database.read() as connection:
        found = [
            find_names(connection, "event", beginning, limit=3) for beginning in ("tides", "tid", "TIDES", "%", "")
        ]

        assert (is_name(connection, "event", "tides"), is_name(connection, "event", "tide")) == (True, False)
    assert found[0][0] == ("tides", "About tides")
    assert {name for name, _ in found[0]} == {"tides", "tides-1", "tides-2"}
    assert (found[1][0][0], len(found[1])) == ("tid", 3)
    assert (found[2], found[3], len(found[4])) == ((), (), 3)


def test_beginning_is_looked_up_in_the_index_of_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        return
    asked: list[tuple[str, Any]] = []
    sqlalchemy.event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))

    with database.read() as connection:
        find_names(connection, "event", "tides", limit=6)
        statement, values = asked[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()

    (search,) = [row[3] for row in plan]
    assert re.fullmatch(r"SEARCH event USING (COVERING )?INDEX \w+ \(id>\? AND id<\?\)", search), search
