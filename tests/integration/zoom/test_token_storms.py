"""One token and one renewal for many threads and processes: revoked, expired, or with a wrong clock.

The practice Zoom's log counts the token requests.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
import requests
from sqlalchemy import delete, select, text

from tests.builders import HOST
from tests.endings import run_sandbox
from tests.integration.service import make_movable
from tests.root import ROOT
from tests.zoom_stub import KEY, a_gateway, an_account
from zoom_ops.clock import SystemClock
from zoom_ops.sandbox import Sandbox
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import SecretBox
from zoom_ops.store.tables import budget, token
from zoom_ops.zoom import Gateway, RateLimitedError

pytestmark = pytest.mark.both_databases

TEN_MINUTES = timedelta(minutes=10)
THREADS = 8
_ASK = """
import sys
from tests.zoom_stub import a_gateway, an_account
from zoom_ops.store.db.connect import open_database
gateway = a_gateway(an_account(sys.argv[2]), open_database(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
gateway.fetch_host("webinars@example.org")
"""


class OffClock(SystemClock):
    """A wall clock that can be wrong. Its monotonic time goes on."""

    off = timedelta()

    def now(self) -> datetime:
        """Return the wrong time."""
        return super().now() + self.off


@pytest.fixture
def zoom() -> Iterator[Sandbox]:
    """A practice Zoom without rate limits."""
    with run_sandbox(limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def clock() -> OffClock:
    """The wall clock of the service, and on SQLite of the database."""
    return OffClock()


@pytest.fixture
def start(zoom: Sandbox, migrated_database_url: str, clock: OffClock) -> Iterator[Callable[[], Gateway]]:
    """A function that starts a gateway as another process does: nothing in memory, a connection of its own."""
    opened: list[Database] = []

    def start_one() -> Gateway:
        opened.append(open_database(migrated_database_url, clock))
        return a_gateway(an_account(zoom.url), opened[-1], clock=clock)

    yield start_one
    for database in opened:
        database.close()


def token_requests(zoom: Sandbox) -> int:
    """Count the requests for a token."""
    logged = requests.get(f"{zoom.url}/_sandbox/requests", timeout=60).json()
    return sum(request["path"] == "/oauth/token" for request in logged)


def ask_together(gateway: Gateway) -> None:
    """Make a call in eight threads at once."""
    together = Barrier(THREADS)

    def ask(_: int) -> bool:
        together.wait(timeout=60)
        for _ in range(50):
            try:
                return bool(gateway.fetch_host(HOST))
            except RateLimitedError:  # limits set before the clock was put back last for some seconds
                time.sleep(0.2)
        return False

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(ask, range(THREADS)))


@pytest.mark.process
def test_real_processes_that_find_no_token_ask_once(zoom: Sandbox, migrated_database_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _ASK, migrated_database_url, zoom.url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
    requests.post(  # a delay, so that the other comes while the first process waits for its token
        f"{zoom.url}/_sandbox/faults", json={"match": "POST /oauth/token", "do": "delay", "seconds": 0.5}, timeout=5
    ).raise_for_status()

    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in processes]

    assert [process.returncode for process in processes] == [0, 0], errors
    assert token_requests(zoom) == 1


def test_revoked_token_is_renewed_once(zoom: Sandbox, start: Callable[[], Gateway], database: Database) -> None:
    gateway = start()
    gateway.fetch_host(HOST)
    with database.read() as connection:
        sealed = connection.execute(select(token.c.access_token)).scalar_one()
    requests.post(
        f"{zoom.url}/oauth/revoke",
        data={"token": SecretBox([KEY]).unseal(sealed)},
        auth=("harbour-client", "harbour-client-secret"),
        timeout=60,
    ).raise_for_status()

    ask_together(gateway)
    ask_together(start())

    assert token_requests(zoom) == 2


@pytest.mark.parametrize("seconds", [600, 3601], ids=["10 minutes ahead", "expired"])
def test_token_that_zooms_clock_ends_early_is_renewed_once(
    zoom: Sandbox, start: Callable[[], Gateway], seconds: int
) -> None:
    gateway = start()
    gateway.fetch_host(HOST)
    requests.post(f"{zoom.url}/_sandbox/clock", json={"advance_s": seconds}, timeout=60).raise_for_status()

    ask_together(gateway)
    ask_together(start())

    assert token_requests(zoom) == (2 if seconds > 3600 else 1)


@pytest.mark.parametrize("off", [TEN_MINUTES, -TEN_MINUTES], ids=["fast", "slow"])
def test_wall_clock_that_is_off_from_the_start_costs_nothing(
    zoom: Sandbox, start: Callable[[], Gateway], clock: OffClock, off: timedelta
) -> None:
    clock.off = off

    ask_together(start())
    ask_together(start())

    assert token_requests(zoom) == 1


@pytest.mark.parametrize("off", [TEN_MINUTES, -TEN_MINUTES], ids=["forward", "back"])
def test_database_clock_that_is_put_off_costs_one_renewal_at_most(
    zoom: Sandbox,
    start: Callable[[], Gateway],
    clock: OffClock,
    migrated_database_url: str,
    database: Database,
    off: timedelta,
) -> None:
    if not database.is_sqlite:
        make_movable(migrated_database_url)
    gateway = start()
    gateway.fetch_host(HOST)
    clock.off = off if database.is_sqlite else clock.off
    with database.begin() as connection:
        connection.execute(delete(budget))  # zoom/test_rate_limits.py tests the budget itself
        if not database.is_sqlite:
            connection.execute(text("UPDATE moved.clock SET ahead = :ahead"), {"ahead": off})

    ask_together(gateway)
    in_memory = token_requests(zoom)
    for _ in range(2):
        ask_together(start())

    assert in_memory == 1
    assert token_requests(zoom) == (1 if off > timedelta() else 2)
