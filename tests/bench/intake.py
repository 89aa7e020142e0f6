"""The response times of notifications while the jobs run: the real daemon, and a load generator in another process."""

import asyncio
import gc
import http.client
import json
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.acceptance.installation import WEBHOOK_SECRET, WITH_TOKEN, install
from tests.acceptance.programme import a_programme
from tests.bench.disk import measure_disk
from tests.bench.figure import Figure
from tests.bench.programs import Programs, cluster_of, programs, set_as_delivered
from tests.bench.public.searchers import SEARCHERS, searchers
from tests.builders import ACCOUNT
from tests.waiting import wait_until
from tests.zoom_signature import signed

EVENTS = 60
P99_S, LATEST_S = 0.05, 1.0
A_SECOND = {"sqlite": 1500, "postgresql": 600}
_SENDERS = 32
_GRACE_S = 60.0
_KINDS = ("recording.completed", "webinar.started", "webinar.updated", "webinar.ended")
_NOBODYS = 80_000_000_001  # a webinar that no event has, so its notifications are stored and ring nothing
_AT_ONCE = 3000  # notifications that are sent as fast as they are answered
_FIRST = count(0, 1_000_000)  # of the places of each load: what was sent before is not stored again
_SEARCHED = (20, 15)  # notifications a second, and for how many seconds, while others search

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The answers to some notifications, and the processors used meanwhile."""

    sent: int
    accepted: int  # answers with 204
    lasted: float  # seconds
    delays: list[float]  # seconds from the due time to the answer, sorted
    cores: float  # used by the receiving process; it is one Python process, so near 1 it is at its limit
    all_cores: float  # used by all processes

    def share(self, share: float) -> float:
        """Return the delay that this share of the answers kept."""
        return self.delays[min(len(self.delays) - 1, int(share * len(self.delays)))]


def measure_intake(
    folder: Path, database_url: str, *, rate: int, seconds: int, workers: int = 0, webs: int = 1
) -> Iterator[Figure]:
    """Send genuine notifications while their jobs run: steadily, at once, and while others search."""
    kind = database_url.partition(":")[0]
    with install(folder, database_url, limits=False) as installation:
        set_as_delivered(installation, many=bool(workers))
        file = installation.write("programme.json", a_programme(EVENTS, performers=[]))
        installation.run("events", "import", file, "--json")
        with programs(installation, webs=webs, workers=workers) as running:
            wait_until(lambda: len(installation.zoom.webinars()) == EVENTS, "the webinars", patience_s=120)
            for webinar in installation.zoom.webinars():
                installation.zoom.hold(webinar["id"])
            held = [(recording["id"], recording["uuid"]) for recording in installation.zoom.state()["recordings"]]
            who = f"{cluster_of(workers)} and {webs} that take them" if workers else "one process"
            yield from _steadily(running, held, rate, seconds, f"{installation.kind}, {who}")
            for what, about in (("that ring nothing", []), ("half of which ring jobs", held)):
                took = _send(running, about, 0, _AT_ONCE)
                where = f"notifications {what}, as fast as they are answered to {_SENDERS}, {installation.kind}, {who}"
                rate_taken = took.accepted / took.lasted
                yield Figure(
                    what=where, measured=round(rate_taken), unit="a second", budget=A_SECOND[kind], at_least=True
                )
                yield _seconds(f"{where}: p99 of an answer", took.share(0.99), None)
            with searchers(running.webs[0].url):
                took = _send(running, held, _SEARCHED[0], _SEARCHED[0] * _SEARCHED[1])
            what = f"{_SEARCHED[0]} notifications a second while {SEARCHERS} clients search, {installation.kind}, {who}"
            yield _seconds(f"{what}: longest answer", took.share(1), LATEST_S)
            yield Figure(what=f"{what}: taken", measured=took.accepted, unit="of them", budget=took.sent, at_least=True)
            running.stop()
    if kind == "sqlite":
        yield from measure_disk(folder)


def _steadily(running: Programs, held: list[tuple[int, str]], rate: int, seconds: int, where: str) -> Iterator[Figure]:
    before = _performed(running)
    took = _send(running, held, rate, rate * seconds)
    what = f"{rate} notifications a second for {seconds} s, {where}"
    used = f"{took.cores:.2f} cores used by who takes them, {took.all_cores:.2f} by all"
    for name, share, budget in (("p50", 0.5, None), ("p99", 0.99, P99_S), ("longest", 1, LATEST_S)):
        runs = f"with {_performed(running) - before} runs performed and {used}"
        yield _seconds(f"{what}: {name} of an answer, {runs}", took.share(share), budget)
    yield Figure(what=f"{what}: taken", measured=took.accepted, unit="of them", budget=took.sent, at_least=True)


def _seconds(what: str, measured: float, budget: float | None) -> Figure:
    return Figure(what=what, measured=round(measured, 3), unit="s", budget=budget, at_least=False)


def _performed(running: Programs) -> int:
    lines = [line for daemon in running.all for line in _get(daemon.url, "/metrics").splitlines()]
    return int(sum(float(line.split()[-1]) for line in lines if line.startswith("zoom_ops_runs_total{")))


def _get(url: str, path: str) -> str:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers=WITH_TOKEN)
    body = connection.getresponse().read().decode()
    connection.close()
    return body


def _send(running: Programs, held: list[tuple[int, str]], rate: int, number: int) -> Intake:
    """Send from another process, so that client and server do not wait for each other."""
    order = {
        "urls": [web.url for web in running.webs],
        "held": held,
        "rate": rate,
        "count": number,
        "first": next(_FIRST),
    }
    spent, began = running.cpu_s(), time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.intake"],
        input=json.dumps(order), capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    whole = time.monotonic() - began
    cores = [(now - then) / whole for now, then in zip(running.cpu_s().values(), spent.values(), strict=True)]
    report: Document = json.loads(ended.stdout)
    return Intake(
        sent=number,
        accepted=report["statuses"].get("204", 0),
        lasted=report["lasted"],
        delays=sorted(report["delays"]),
        cores=max(cores[: len(running.webs)]),
        all_cores=sum(cores),
    )


class Generator:
    """Sends at fixed times, or without a rate as soon as a connection is free. A delay counts from the due time."""

    def __init__(self, urls: list[str], held: list[tuple[int, str]], rate: int, count: int, first: int) -> None:
        self._hosts = [url.removeprefix("http://").split(":") for url in urls]
        self._rate, self._requests = rate, [_written(place, held) for place in range(first, first + count)]
        self._next, self._late = 0, deque[float]()
        self._free: list[_Sender] = []
        self._opening = set[asyncio.Task[None]]()
        self._delays: list[float] = []
        self._statuses: Counter[str] = Counter()

    async def run(self) -> Document:
        """Send everything; return the delays and the whole time in seconds, and the count of each status."""
        self._ended = asyncio.Event()
        for number in range(_SENDERS):
            await self._connect(number)
        gc.disable()  # a pause of the sender would count as one of the service
        began = time.perf_counter()
        for place in range(len(self._requests)):
            due = began + place / self._rate if self._rate else began
            while self._rate and (left := due - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            self._late.append(due)
            self._send()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), _GRACE_S)
        lasted = time.perf_counter() - began
        return {"delays": self._delays, "statuses": dict(self._statuses), "lasted": lasted}

    async def _connect(self, number: int) -> None:
        host, port = self._hosts[number % len(self._hosts)]
        loop = asyncio.get_running_loop()
        self._free.append((await loop.create_connection(lambda: _Sender(self, number), host, int(port)))[1])
        self._send()

    def connect_again(self, sender: "_Sender") -> None:
        """Open another connection instead of one that ended, as clients do."""
        if self._ended.is_set():
            return
        if sender in self._free:
            self._free.remove(sender)
        task = asyncio.ensure_future(self._connect(sender.number))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def note(self, sender: "_Sender", status: str) -> None:
        """Note an answer, and send the next on its connection."""
        self._delays.append(time.perf_counter() - sender.due)
        self._statuses[status] += 1
        if status != "lost":
            self._free.append(sender)
        self._send()
        if len(self._delays) == len(self._requests):
            self._ended.set()

    def _send(self) -> None:
        while self._late and self._free:
            due = self._late.popleft()
            self._free.pop(0).send(self._requests[self._next], due if self._rate else time.perf_counter())
            self._next += 1


class _Sender(asyncio.Protocol):
    def __init__(self, generator: Generator, number: int) -> None:
        self._generator, self.number, self._waits, self.due = generator, number, False, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def send(self, request: bytes, due: float) -> None:
        self._waits, self._answer, self.due = True, b"", due
        self._transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._waits and b"\r\n\r\n" in self._answer:
            self._waits = False
            self._generator.note(self, self._answer[9:12].decode())

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waits:
            self._waits = False
            self._generator.note(self, "lost")
        self._generator.connect_again(self)


def _written(place: int, held: list[tuple[int, str]]) -> bytes:
    headers, body = write_notification(place, *(held[place % len(held)] if held else (_NOBODYS, f"nobodys-{place}")))
    fields = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST /webhooks/zoom/{ACCOUNT} HTTP/1.1\r\n{lines}\r\n".encode() + body


def write_notification(place: int, webinar_id: int, uuid: str) -> tuple[dict[str, str], bytes]:
    """Write a notification: a different one for each `place`, of each kind in turn. Return its headers and its body."""
    thing = {"id": webinar_id, "uuid": uuid, "type": 5, "topic": f"Tides {place}"}
    return signed(_KINDS[place % len(_KINDS)], thing, WEBHOOK_SECRET, f"bench_{place}")


if __name__ == "__main__":
    order = json.load(sys.stdin)
    json.dump(asyncio.run(Generator(**order).run()), sys.stdout)
