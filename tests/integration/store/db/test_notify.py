"""Processes notify each other at once, and only of what is committed (LISTEN, NOTIFY)."""

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text

from tests.waiting import PATIENCE_S
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.notify import NoticeListener, notify_others, notify_with

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"])

Heard = queue.SimpleQueue[str]


@contextmanager
def listening(database: Database) -> Iterator[Heard]:
    """Listen as another process does. The calls that a listener makes as it begins are left out."""
    heard = Heard()
    listener = NoticeListener(database, {"due": lambda: heard.put("due"), "changed": lambda: heard.put("changed")})
    listener.start()
    begun = {heard.get(timeout=PATIENCE_S) for _ in range(2)}
    assert begun == {"due", "changed"}
    yield heard
    listener.stop()


def test_each_process_hears_what_another_tells(database: Database) -> None:
    with listening(database) as first, listening(database) as other:
        notify_others(database, "changed")

        assert (first.get(timeout=PATIENCE_S), other.get(timeout=PATIENCE_S)) == ("changed", "changed")


def test_what_belongs_to_a_transaction_is_heard_once_it_is_committed(database: Database) -> None:
    with listening(database) as heard:
        with database.begin() as connection:
            notify_with(connection, "due")
            notify_others(database, "changed")
            first = heard.get(timeout=PATIENCE_S)

        assert (first, heard.get(timeout=PATIENCE_S)) == ("changed", "due")


def test_what_is_taken_back_is_not_heard(database: Database) -> None:
    with listening(database) as heard:
        with suppress(ZeroDivisionError), database.begin() as connection:
            notify_with(connection, "due")
            raise ZeroDivisionError
        notify_others(database, "changed")

        assert heard.get(timeout=PATIENCE_S) == "changed"


def test_who_loses_the_connection_looks_and_listens_again(database: Database) -> None:
    def cut() -> bool:
        with database.begin() as connection:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            return bool(connection.execute(text(f"{query} AND query LIKE 'LISTEN%'")).all())

    with listening(database) as heard:
        while not cut():
            time.sleep(0.01)
        looked = {heard.get(timeout=PATIENCE_S) for _ in range(2)}
        notify_others(database, "changed")

        assert looked == {"due", "changed"}
        assert heard.get(timeout=PATIENCE_S) == "changed"
