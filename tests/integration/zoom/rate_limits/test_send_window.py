"""The send window: the last check before a request leaves, for processes that share an account."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from urllib3.util.connection import create_connection

from tests.builders import ACCOUNT, WEBINAR_ID
from tests.zoom_stub import RawZoom, a_gateway, an_account, says
from zoom_ops.clock import SystemClock
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.transport import deadline
from zoom_ops.zoom.endpoints import Label
from zoom_ops.zoom.rate_limits.send_window import LONGEST_WAY_S, SharedSendWindow

PROCESSES, RATE, EACH = 3, 20, 10

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"])


@pytest.fixture
def valves(migrated_database_url: str) -> Iterator[list[SharedSendWindow]]:
    """A send window for each of some processes, with a database connection of its own."""
    with ExitStack() as stack:
        databases = [open_database(migrated_database_url) for _ in range(PROCESSES)]
        for database in databases:
            stack.callback(database.close)
        yield [
            SharedSendWindow(ACCOUNT, {"MEDIUM": RATE, "LIGHT": 1}, database, WatchedClock()) for database in databases
        ]


class WatchedClock(SystemClock):
    """A clock that records when it was read, and how long was slept."""

    looks = threading.local()  # the last two readings of each thread, from any of these clocks

    def __init__(self) -> None:
        self.slept_s = 0.0

    def elapsed(self) -> float:
        """Return the time, and record it."""
        now = super().elapsed()
        self.looks.latest = [*getattr(self.looks, "latest", [])[-1:], now]
        return now

    def sleep(self, seconds: float) -> None:
        """Sleep, and record how long."""
        self.slept_s += seconds
        super().sleep(seconds)

    @classmethod
    def counted(cls) -> float:
        """Return when the window counted what it let pass last. This thread may continue later than that."""
        first, _ = cls.looks.latest
        return float(first)


class SlowClock(SystemClock):
    """The clock of a process that stalls after each reading for the next of these durations."""

    def __init__(self, seconds: list[float]) -> None:
        self._seconds = seconds

    def elapsed(self) -> float:
        """Return the time, late."""
        now = super().elapsed()
        if self._seconds:
            time.sleep(self._seconds.pop())
        return now


def test_processes_that_come_at_once_send_no_more_in_a_second_than_the_limit(valves: list[SharedSendWindow]) -> None:
    left: list[float] = []

    def send(valve: SharedSendWindow) -> None:
        for _ in range(EACH):
            with valve.passing("MEDIUM"):
                left.append(WatchedClock.counted())

    with ThreadPoolExecutor(2 * PROCESSES) as pool:
        list(pool.map(send, valves * 2))

    most = max(sum(since <= at < since + 1 for at in left) for since in left)
    assert len(left) == 2 * PROCESSES * EACH
    assert most <= RATE


def test_who_was_kept_from_going_on_counts_again(migrated_database_url: str) -> None:
    database = open_database(migrated_database_url)
    clocks = (SlowClock([2 * LONGEST_WAY_S]), watched := WatchedClock())
    late, other = (SharedSendWindow(ACCOUNT, {"MEDIUM": 2}, database, clock) for clock in clocks)

    for valve in (late, other):
        with valve.passing("MEDIUM"):
            pass

    assert watched.slept_s  # the late process has used both places
    database.close()


def test_labels_do_not_stand_in_each_others_way(valves: list[SharedSendWindow]) -> None:
    passed = []
    with valves[0].passing("LIGHT"), valves[1].passing("MEDIUM"):  # one common window would block the inner
        passed.append("MEDIUM")

    assert passed == ["MEDIUM"]


def test_request_passes_when_its_connection_stands(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window counts from the connection on: connecting to a real Zoom takes a quarter of a second and more."""
    happened: list[str] = []
    connect, passing = create_connection, SharedSendWindow.passing

    def note_connection(*where: Any, **how: Any) -> Any:
        happened.append("connected")
        return connect(*where, **how)

    def note_passage(valve: SharedSendWindow, label: Label) -> Any:
        happened.append(f"passed {label}")
        return passing(valve, label)

    monkeypatch.setattr(deadline, "create_connection", note_connection)
    monkeypatch.setattr(SharedSendWindow, "passing", note_passage)
    with RawZoom() as zoom, RawZoom() as tokens:
        zoom.answer(says(401, {"code": 124, "message": "Access token is expired."}), says(200, {"id": WEBINAR_ID}))

        account = an_account(zoom.url, oauth_url=f"{tokens.url}/oauth/token")
        a_gateway(account, database).get_webinar(WEBINAR_ID)

        requests = len(zoom.requests)

    assert requests == 2
    assert happened == ["connected", "connected", "passed LIGHT", "passed LIGHT"]  # the first one fetches the token
