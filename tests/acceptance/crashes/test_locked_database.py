"""Another process holds a lock on the database while events are imported, webinars made and notifications arrive."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import psycopg
import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.storage import (
    assert_once,
    begin_amid_work,
    finish_all_work,
    hold_all,
    notify,
    use_hosts,
    while_it_lasts,
    why_not_ready,
)
from tests.waiting import wait_until

Lock = Callable[[str], AbstractContextManager[None]]


@contextmanager
def all_of_sqlite(url: str) -> Iterator[None]:
    """Hold SQLite's write lock, like a `sqlite3` shell with an open transaction."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def tables_of_postgresql(url: str) -> Iterator[None]:
    """Lock the tables that the work writes to, like a maintenance command."""
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE run, effect, notification, seat, zoom_call IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def rows_of_postgresql(url: str) -> Iterator[None]:
    """Lock rows, like a `psql` shell with an open transaction."""
    with psycopg.connect(url) as other:
        for table in ("run", "meta", "budget", "event"):
            other.execute(f"SELECT * FROM {table} FOR UPDATE".encode())
        yield


LOCKS = [
    pytest.param("sqlite", all_of_sqlite, id="sqlite"),
    pytest.param("postgresql", tables_of_postgresql, id="postgresql-tables", marks=pytest.mark.long),
    pytest.param("postgresql", rows_of_postgresql, id="postgresql-rows", marks=pytest.mark.long),
]


@pytest.mark.parametrize(
    "seconds",
    [3, pytest.param(24, marks=[pytest.mark.long, pytest.mark.timeout(240)])],  # below and above the wait of 20 s
)
@pytest.mark.parametrize(("database_kind", "lock"), LOCKS)
def test_lock_is_waited_out_and_pages_are_shown_meanwhile(
    installation: Installation, lock: Lock, seconds: float
) -> None:
    use_hosts(installation)
    with installation.daemon() as daemon:
        events, first = begin_amid_work(installation, daemon)

        answers, pages = set[int](), set[int]()
        with lock(installation.database_url):
            hold_all(installation, first)

            def look() -> None:
                pages.add(daemon.fetch(f"/events/{events[0]}").status_code)
                answers.add(notify(daemon, first[0]))

            looked = while_it_lasts(seconds, look)
            wait_until(lambda: "lock" in why_not_ready(daemon), lambda: daemon.log)
        wait_until(lambda: not why_not_ready(daemon), lambda: daemon.log, patience_s=45)
        finish_all_work(installation, daemon, events)

    assert pages == {200}
    assert looked > 0
    assert answers <= {204, 503}
    assert lock is rows_of_postgresql or answers == {503}
    assert_once(installation, events)
