"""How many event pages a second one, two or three processes serve to independent visitors."""

import multiprocessing
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from multiprocessing.pool import ThreadPool
from pathlib import Path

from tests.acceptance.installation import Installation, install
from tests.acceptance.programme import import_programme, published
from tests.bench.figure import Figure
from tests.bench.programs import programs, set_as_delivered
from tests.waiting import wait_until

BUDGET_MS = 15.0
_EVENTS = 20
_ASKERS = 16  # concurrent visitors, spread over the processes
_ALONE = 500  # pages one after another
_SECONDS = 10.0

Address = tuple[str, str]  # the address of a process, and the path to request


def measure_crowd(folder: Path, database_url: str, *, webs: int) -> Iterator[Figure]:
    """Request pages with a published recording from each process in turn: one visitor alone, then many at once."""
    with install(folder, database_url) as installation:
        set_as_delivered(installation, many=webs > 1)
        events = import_programme(installation, _EVENTS)
        with programs(installation, webs=webs, workers=int(webs > 1)) as running:
            _hold(installation, events)
            hosts = [web.url.removeprefix("http://") for web in running.webs]
            places = [(hosts[n % len(hosts)], f"/events/{events[n % len(events)]}") for n in range(_ASKERS * webs)]
            with multiprocessing.get_context("spawn").Pool(1) as elsewhere:  # client and server in separate processes
                alone = elsewhere.apply(_ask_alone, (places,))
                together = elsewhere.apply(_ask_together, (places,))
            running.stop()
        kind = installation.kind
    processes = "one process" if webs == 1 else f"{webs} processes that show pages"
    yield from _figures(f"event page, {kind}, {processes}", alone, together)


def _figures(what: str, alone: list[float], together: list[float]) -> Iterator[Figure]:
    for who, taken, budget in (("one visitor", alone, BUDGET_MS), (f"{_ASKERS} at once", together, None)):
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            measured = round(1000 * taken[int(share * len(taken))], 2)
            yield Figure(what=f"{what}, {who}: {name}", measured=measured, unit="ms", budget=budget, at_least=False)
    rate = len(together) / _SECONDS
    yield Figure(what=f"{what}, {_ASKERS} at once", measured=round(rate), unit="pages/s", budget=None, at_least=True)


def _hold(installation: Installation, events: list[str]) -> None:
    """Hold all events and wait for their recordings on the pages."""
    wait_until(lambda: len(installation.zoom.webinars()) == len(events), "the webinars", patience_s=120)
    for webinar in installation.zoom.webinars():
        installation.zoom.hold(webinar["id"])
    shown = (lambda: all(published(installation.url, event) for event in events), "the recordings")
    wait_until(*shown, patience_s=120, every_s=0.5)


def _ask_alone(places: list[Address]) -> list[float]:
    """Request one page after another; return the sorted response times in seconds."""
    connections = {host: HTTPConnection(host, timeout=60) for host, _ in places}
    taken = [_ask(connections[host], path) for host, path in (places * _ALONE)[: _ALONE + 50]]
    return sorted(taken[50:])


def _ask_together(places: list[Address]) -> list[float]:
    """Request pages from several threads for the time of the measurement."""
    until = time.perf_counter() + _SECONDS
    with ThreadPool(_ASKERS) as pool:
        taken = pool.map(lambda place: _ask_until(until, place), places[:_ASKERS])
    return sorted(delay for each in taken for delay in each)


def _ask_until(until: float, place: Address) -> list[float]:
    host, path = place
    connection, taken = HTTPConnection(host, timeout=60), list[float]()
    while time.perf_counter() < until:
        taken.append(_ask(connection, path))
    return taken


def _ask(connection: HTTPConnection, path: str) -> float:
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
    return time.perf_counter() - began
