"""The response times of pages beside those of a static file of the same server, and without a network."""

import asyncio
import http.client
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from tests.bench.figure import Figure
from tests.web_site import Site
from tests.web_states import fill
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.migrate import upgrade
from zoom_ops.web.static_files import asset_address

BUDGET_MS = 15.0
_ROUNDS, _WARM_UP = 1000, 50
_PAGES = ("published", "forty-speakers")
_PATIENCE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The sorted response times of one address, in milliseconds."""

    delays: tuple[float, ...]

    def share(self, part: float) -> float:
        """Return the time that this share of the answers did not exceed."""
        return self.delays[min(len(self.delays) - 1, int(part * len(self.delays)))]


def measure_pages(folder: Path, database_url: str) -> Iterator[Figure]:
    """Request the event page over HTTP and in this process, and a static file in between."""
    folder.mkdir(parents=True, exist_ok=True)
    static = asset_address("site.css")
    context = multiprocessing.get_context("spawn")  # client and server in separate processes
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(database_url, theirs), daemon=True)
    server.start()
    try:
        port, pages = ours.recv()
        paths = {name: pages[name] for name in _PAGES}
        taken = _ask_in_turn(_over_http(port), [static, *paths.values()])
    finally:
        ours.send("stop")
        server.join(_PATIENCE_S)
    for name, path in paths.items():
        yield from _figures(f"event page, {name}, over HTTP", taken[path])
        ratio = taken[path].share(0.5) / taken[static].share(0.5)
        yield _figure(f"event page, {name} ÷ a static file, p50", ratio, "times", 20)
    yield from _figures_in_process(database_url, paths)


def _figures_in_process(database_url: str, paths: dict[str, str]) -> Iterator[Figure]:
    database = open_database(database_url)
    app = Site(database).app
    with asyncio.Runner() as runner:

        def ask(path: str) -> int:
            return runner.run(_call(app, path))

        taken = _ask_in_turn(ask, list(paths.values()))
        spent = {path: _processor_ms(ask, path) for path in paths.values()}
    database.close()
    for name, path in paths.items():
        yield from _figures(f"event page, {name}, in process", taken[path])
        yield _figure(f"event page, {name}, in process: of the processor", spent[path], "ms", BUDGET_MS)


def _figures(what: str, taken: Taken) -> Iterator[Figure]:
    yield _figure(f"{what}: p50", taken.share(0.5), "ms", BUDGET_MS)
    yield _figure(f"{what}: p99", taken.share(0.99), "ms", BUDGET_MS)


def _figure(what: str, measured: float, unit: str, budget: float) -> Figure:
    return Figure(what=what, measured=round(measured, 2), unit=unit, budget=budget, at_least=False)


def _ask_in_turn(ask: Callable[[str], int], paths: Sequence[str]) -> dict[str, Taken]:
    """Request several addresses in turn, so that other work of the machine slows all of them equally."""
    delays: dict[str, list[float]] = {path: [] for path in paths}
    for number in range(_WARM_UP + _ROUNDS):
        for path in paths:
            began = time.perf_counter()
            status = ask(path)
            delay = time.perf_counter() - began
            assert status == 200, f"{path}: {status}"
            if number >= _WARM_UP:
                delays[path].append(delay * 1000)
    return {path: Taken(delays=tuple(sorted(times))) for path, times in delays.items()}


def _processor_ms(ask: Callable[[str], int], path: str) -> float:
    """Return the processor time of an answer, which other work of the machine does not change."""
    began = time.process_time()
    for _ in range(_WARM_UP):
        ask(path)
    return (time.process_time() - began) / _WARM_UP * 1000


def _over_http(port: int) -> Callable[[str], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)

    def ask(path: str) -> int:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask


async def _call(app: FastAPI, path: str) -> int:
    """Call the application as a server does and return the status."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"events.example.org"), (b"accept-encoding", b"gzip")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return statuses[0]


def _serve(database_url: str, line: "Connection[Any, Any]") -> None:
    database = _prepare(database_url)
    site = Site(database)
    pages = fill(site)
    with site.served() as visitor:
        line.send((int(visitor.address.rpartition(":")[2]), pages))
        line.recv()
    database.close()


def _prepare(database_url: str) -> Database:
    database = open_database(database_url)
    upgrade(database)
    return database
