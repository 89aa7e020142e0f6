"""A thousand open pages: the time from Zoom's notification until the recording stands on all of them."""

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.acceptance.installation import install
from tests.acceptance.programme import import_programme
from tests.bench.figure import Figure
from tests.bench.intake import write_notification
from tests.bench.programs import Programs, programs, set_as_delivered
from tests.builders import ACCOUNT
from tests.waiting import wait_until

SHOWN_S, TOLD_S = 2.0, 0.15
PAGES = 1000
_SETTLES_S = 3.0
_PATIENCE_S = 300.0


def measure_crowd(folder: Path, database_url: str, *, webs: int) -> Iterator[Figure]:
    """Open the pages of one event, spread over the processes, and send the notification of its recording."""
    with install(folder, database_url, webhook_url=None) as installation:
        set_as_delivered(installation, many=webs > 1)
        (event,) = import_programme(installation, 1)
        with programs(installation, webs=webs, workers=int(webs > 1)) as running:
            wait_until(installation.zoom.webinars, "the webinar", patience_s=120)
            time.sleep(_SETTLES_S)
            report = _gather(running, f"/events/{event}", installation.zoom)
            running.stop()
        kind = installation.kind
    processes = "one process" if webs == 1 else f"{webs} processes"
    yield from _figures(f"{PAGES:,} open pages, {kind}, {processes}", report)


def _gather(running: Programs, path: str, zoom: Any) -> dict[str, Any]:
    """Open the pages, send the notification, and return what the audience reports."""
    urls = [web.url for web in running.webs]
    version, tag = _look(urls[0], path)
    for url in urls[1:]:  # each process makes the page for a reader before the crowd comes
        _look(url, path)
    order = {"urls": urls, "path": path, "version": version, "tag": tag, "pages": PAGES, "awaited": f"{path}/recording"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.public.audience"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as audience:
        assert audience.stdin
        assert audience.stdout
        audience.stdin.write(json.dumps(order) + "\n")
        audience.stdin.flush()
        assert audience.stdout.readline() == "open\n"
        time.sleep(1)
        (webinar,) = zoom.webinars()
        held = zoom.hold(webinar["id"])
        headers, body = write_notification(0, webinar["id"], held[0]["uuid"])
        spent, began = running.cpu_s(), time.monotonic()
        _notify(urls[0], headers, body)
        report: dict[str, Any] = json.loads(audience.communicate(timeout=_PATIENCE_S)[0])
        used = sum(running.cpu_s().values()) - sum(spent.values())
    return report | {"began": began, "used": used}


def _look(url: str, path: str) -> tuple[str, str]:
    """Ask for a page as the first of its readers. Return its version and its tag."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    for _ in range(3):
        connection.request("GET", path, headers={"Accept": "text/html", "Accept-Language": "en"})
        answer = connection.getresponse()
        text = answer.read().decode()
    connection.close()
    found = re.search(r"stream\?version=(\w+)", text)
    assert found, text
    return found[1], answer.headers["ETag"]


def _notify(url: str, headers: dict[str, str], body: bytes) -> None:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    connection.request("POST", f"/webhooks/zoom/{ACCOUNT}", body, headers)
    status = connection.getresponse().status
    connection.close()
    assert status == 204, status


def _figures(what: str, report: dict[str, Any]) -> Iterator[Figure]:
    shown = sorted(moment - report["began"] for moment in report["shown"] if moment)
    told = sorted(moment for moment in report["told"] if moment)
    yield Figure(
        what=f"{what}: that show the recording", measured=len(shown), unit="pages", budget=PAGES, at_least=True
    )
    for name, share, budget in (("p50", 0.5, None), ("p99", 0.99, SHOWN_S), ("last", 1.0, None)):
        yield _figure(f"{what}: notification sent → on the page, {name}", _share(shown, share), "s", budget)
    yield _figure(f"{what}: notification sent → first page told", told[0] - report["began"], "s", None)
    yield _figure(f"{what}: broadcast, from the first page told to p99", _share(told, 0.99) - told[0], "s", TOLD_S)
    yield _figure(f"{what}: processor of all processes, a page", 1000 * report["used"] / PAGES, "ms", None)
    yield _figure(f"{what}: answers other than the page", report["refused"], "answers", None)


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _figure(what: str, measured: float, unit: str, budget: float | None) -> Figure:
    return Figure(what=what, measured=round(measured, 3), unit=unit, budget=budget, at_least=False)
