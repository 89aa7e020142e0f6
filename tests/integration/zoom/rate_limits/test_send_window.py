"""The last stop before a request leaves, where many processes share an account."""

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
    """Open one for each of some processes, with a connection to the database of its own."""
    with ExitStack() as stack:
        databases = [open_database(migrated_database_url) for _ in range(PROCESSES)]
        for database in databases:
            stack.callback(database.close)
        yield [
            SharedSendWindow(ACCOUNT, {"MEDIUM": RATE, "LIGHT": 1}, database, WatchedClock()) for database in databases
        ]


class WatchedClock(SystemClock):
    """A clock that knows when it was looked at, and how long was slept by it."""

    looks = threading.local()  # the last two of each thread, whatever clock it looks at

    def __init__(self) -> None:
        self.slept_s = 0.0

    def elapsed(self) -> float:
        """Tell the time, and keep it."""
        told = super().elapsed()
        self.looks.told = [*getattr(self.looks, "told", [])[-1:], told]
        return told

    def sleep(self, seconds: float) -> None:
        """Sleep, and keep for how long."""
        self.slept_s += seconds
        super().sleep(seconds)

    @classmethod
    def counted(cls) -> float:
        """Tell when the valve counted what it has just let pass: not when this thread went on, which may be late."""
        first, _ = cls.looks.told
        return float(first)


class SlowClock(SystemClock):
    """The clock of a process that is kept from going on, so long, whenever it has looked at it."""

    def __init__(self, seconds: list[float]) -> None:
        self._seconds = seconds

    def elapsed(self) -> float:
        """Tell the time, and be late."""
        told = super().elapsed()
        if self._seconds:
            time.sleep(self._seconds.pop())
        return told


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

    assert watched.slept_s  # the late one has used up both of the two
    database.close()


def test_labels_do_not_stand_in_each_others_way(valves: list[SharedSendWindow]) -> None:
    passed = []
    with valves[0].passing("LIGHT"), valves[1].passing("MEDIUM"):  # were they one, the inner one would wait for ever
        passed.append("MEDIUM")

    assert passed == ["MEDIUM"]


def test_request_passes_when_its_connection_stands(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it takes to connect, with a real Zoom a quarter of a second and more, is not on the way that is reckoned."""
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
    assert happened == ["connected", "connected", "passed LIGHT", "passed LIGHT"]  # the first is where tokens are
