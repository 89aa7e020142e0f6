"""The time from Zoom's notification of a recording until the event page has the link."""

import http.client
import json
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.installation import Installation, install
from tests.acceptance.nodes import nodes
from tests.acceptance.programme import an_entry, import_programme
from tests.bench.intake import write_notification
from tests.bench.programs import set_as_delivered
from tests.builders import ACCOUNT
from tests.plans.years import fill
from tests.waiting import wait_until
from zoom_ops.clock import SystemClock
from zoom_ops.store.db.connect import open_database

P50_S, P99_S = 0.3, 1.0
_EVERY_S = 0.01
_GAP_S = 0.3
_PATIENCE_S = 60.0
_KINDS = 4  # `write_notification` writes a recording's notification first of so many kinds


@dataclass(frozen=True, kw_only=True)
class News:
    """The delay of each recording, in seconds."""

    database: str
    workers: int
    years: int  # events that were there before
    delays: tuple[float, ...]  # sorted

    def share(self, share: float) -> float:
        """Return the delay that this share of the recordings did not exceed."""
        return self.delays[min(len(self.delays) - 1, int(share * len(self.delays)))]


def measure_news(folder: Path, database_url: str, *, events: int, workers: int, years: int) -> News:
    """Notify an installation of one recording after another, as Zoom does; without `workers` it is one daemon."""
    with install(folder, database_url, webhook_url=None) as installation:
        set_as_delivered(installation, many=bool(workers))
        ids = import_programme(installation, events)
        if years:
            _fill(database_url, years)
        with ExitStack() as stack:
            running = stack.enter_context(nodes(installation, workers) if workers else installation.daemon())
            wait_until(lambda: len(installation.zoom.webinars()) == events, "the webinars", patience_s=300)
            time.sleep(_GAP_S * 10)  # and for the work that follows
            webinars = _webinars(installation, events)
            delays = [_time(installation, *row) for row in zip(range(events), ids, webinars, strict=True)]
            running.stop()
    return News(database=installation.kind, workers=workers, years=years, delays=tuple(sorted(delays)))


def _fill(database_url: str, years: int) -> None:
    database = open_database(database_url, SystemClock())
    fill(database, years, datetime.now(UTC))
    database.engine.dispose()


def _webinars(installation: Installation, events: int) -> list[int]:
    """List the webinars' numbers, in the order of the programme."""
    numbers = {webinar["topic"]: webinar["id"] for webinar in installation.zoom.webinars()}
    return [numbers[an_entry(number)["name"]] for number in range(1, events + 1)]


def _time(installation: Installation, number: int, event: str, webinar: int) -> float:
    """Hold an event, send the notification of its recording, and wait for it on the page."""
    held = installation.zoom.hold(webinar)
    connection = http.client.HTTPConnection(installation.url.removeprefix("http://"), timeout=_PATIENCE_S)
    headers, body = write_notification(number * _KINDS, webinar, held[0]["uuid"])
    began = time.perf_counter()
    status = _ask(connection, "POST", f"/webhooks/zoom/{ACCOUNT}", body, headers)[0]
    assert status == 204, status
    while not _shows(connection, event):
        assert time.perf_counter() - began < _PATIENCE_S, f"{event} shows no recording"
        time.sleep(_EVERY_S)
    took = time.perf_counter() - began
    connection.close()
    time.sleep(_GAP_S)
    return took


def _shows(connection: http.client.HTTPConnection, event: str) -> bool:
    document: dict[str, Any] = json.loads(_ask(connection, "GET", f"/events/{event}.json")[1])
    return bool(document["recordings"])


def _ask(connection: http.client.HTTPConnection, method: str, path: str, *sent: Any) -> tuple[int, bytes]:
    connection.request(method, path, *sent)
    answer = connection.getresponse()
    return answer.status, answer.read()
