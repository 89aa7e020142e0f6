"""One row that many write at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import insert, select

from tests.builders import ACCOUNT, HOST
from zoom_ops.errors import TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.upsert import upsert
from zoom_ops.store.tables import meta
from zoom_ops.webinars import Host
from zoom_ops.zoom.hosts import Hosts

pytestmark = pytest.mark.both_databases

AT_ONCE = 6


def test_host_is_kept_by_all_who_asked_at_once(database: Database) -> None:
    hosts, together = Hosts(ACCOUNT, database), Barrier(AT_ONCE)

    def keep(capacity: int) -> None:
        together.wait(timeout=60)
        hosts.keep(Host(email=HOST, id="h1", licensed=True, capacity=capacity))

    for _ in range(5):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(keep, [500] * AT_ONCE))

    assert hosts.find(HOST) == Host(email=HOST, id="h1", licensed=True, capacity=500)


def test_upsert_keeps_what_is_written_once(database: Database) -> None:
    with database.begin() as connection:
        upsert(connection, meta, {"name": "installation"}, {}, value="first")
        upsert(connection, meta, {"name": "installation"}, {}, value="second")

        assert connection.execute(select(meta.c.value).where(meta.c.name == "installation")).scalar_one() == "first"


def test_row_that_is_there_already_is_told_without_its_values(database: Database) -> None:
    row = insert(meta).values(name="twice", value="tidewater-secret")
    with database.begin() as connection:
        connection.execute(row)

    with pytest.raises(TemporaryError) as refused, database.begin() as connection:
        connection.execute(row)

    assert "tidewater-secret" not in str(refused.value)
