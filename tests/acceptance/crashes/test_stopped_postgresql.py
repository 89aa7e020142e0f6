"""PostgreSQL stops, or drops every connection, while events are imported, webinars made and notifications arrive."""

import signal
import time
from pathlib import Path

import psycopg
import pytest

from tests.acceptance.installation import Installation, install
from tests.acceptance.storage import (
    assert_once,
    begin_amid_work,
    finish_all_work,
    hold_all,
    import_more,
    is_alive,
    notify,
    use_hosts,
    wait_at_rest,
    wait_published,
    wait_seated,
    why_not_ready,
)
from tests.setup.postgres import Cluster
from tests.waiting import wait_until
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.migrate import upgrade

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize(
    ("how", "seconds"),
    [
        (signal.SIGQUIT, 2),
        pytest.param(signal.SIGINT, 2, marks=pytest.mark.long),
        pytest.param(signal.SIGQUIT, 10, marks=pytest.mark.long),
        pytest.param(signal.SIGINT, 10, marks=pytest.mark.long),
    ],
)
def test_stop_of_postgresql_is_waited_out(
    own_cluster: Cluster, tmp_path: Path, how: signal.Signals, seconds: float
) -> None:
    url = own_cluster.create("own")
    database = open_database(url)
    upgrade(database)
    database.close()
    with install(tmp_path / "place", url) as installation:
        use_hosts(installation)
        with installation.daemon() as daemon:
            events, first = begin_amid_work(installation, daemon)

            own_cluster.stop(how)
            hold_all(installation, first)
            answered = notify(daemon, first[0])
            wait_until(lambda: "The database did not answer" in why_not_ready(daemon), lambda: daemon.log)
            refused = installation.run("events", "list", code=1)
            time.sleep(seconds)
            alive = is_alive(daemon)
            again = own_cluster.start_again()

            daemon.wait_ready()
            finish_all_work(installation, daemon, events)
        assert_once(installation, events)
        again.stop()

    assert (answered, alive) == (503, True)
    assert len((refused.out + refused.err).splitlines()) == 1
    assert "The database did not answer" in refused.err


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.long
@pytest.mark.timeout(400)
def test_connections_are_dropped_over_and_over(installation: Installation) -> None:
    """Drop connections between any two statements; each time the work lock is lost with them."""
    use_hosts(installation)
    events: list[str] = []
    with installation.daemon() as daemon:
        for _ in range(30):
            events += import_more(installation, 2)
            for _ in range(4):
                drop_connections(installation.database_url)
                time.sleep(0.15)
        wait_seated(installation, daemon, events)
        daemon.wait_ready()
        hold_all(installation)
        for _ in range(4):
            drop_connections(installation.database_url)
            time.sleep(0.15)
        wait_published(installation, daemon, events)
        wait_at_rest(installation, daemon)
        daemon.stop()

    assert_once(installation, events)


def drop_connections(url: str) -> None:
    """Terminate every connection of the database, as a restart of PostgreSQL does."""
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
