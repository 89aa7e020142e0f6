"""The response times of notifications while the jobs run: the real daemon, and a load generator in another process."""

import http.client
import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.installation import WEBHOOK_SECRET, WITH_TOKEN, install
from tests.acceptance.programme import a_programme
from tests.bench.programs import Programs, programs, set_as_delivered
from tests.builders import ACCOUNT
from tests.waiting import wait_until
from tests.zoom_signature import signed

EVENTS = 60
BUDGET_S = 1.0
_SENDERS = 32
_GRACE_S = 60.0
_KINDS = ("recording.completed", "webinar.started", "webinar.updated", "webinar.ended")

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The number of notifications sent, the answers, and the other work done meanwhile."""

    database: str
    workers: int
    webs: int
    rate: int  # notifications a second
    seconds: int
    sent: int
    accepted: int  # answers with 204
    p50: float  # seconds from the due time to the answer
    p99: float
    longest: float
    performed: int  # attempts of jobs that ended meanwhile
    cores: float  # used by the receiving process; it is one Python process, so near 1 it is at its limit
    all_cores: float  # used by all processes


def measure_intake(
    folder: Path, database_url: str, *, rate: int, seconds: int, workers: int = 0, webs: int = 1
) -> Intake:
    """Send genuine notifications at a steady rate while their jobs run; without `workers` to one daemon."""
    with install(folder, database_url, limits=False) as installation:
        set_as_delivered(installation, many=bool(workers))
        file = installation.write("programme.json", a_programme(EVENTS, performers=[]))
        installation.run("events", "import", file, "--json")
        with programs(installation, webs=webs, workers=workers) as running:
            wait_until(lambda: len(installation.zoom.webinars()) == EVENTS, "the webinars", patience_s=120)
            for webinar in installation.zoom.webinars():
                installation.zoom.hold(webinar["id"])
            held = [(recording["id"], recording["uuid"]) for recording in installation.zoom.state()["recordings"]]
            before, spent, began = _performed(running), running.cpu_s(), time.monotonic()
            took = _send([web.url for web in running.webs], held, rate, seconds)
            lasted = time.monotonic() - began
            cores = [(now - then) / lasted for now, then in zip(running.cpu_s().values(), spent.values(), strict=True)]
            performed = _performed(running) - before
            running.stop()
    delays = sorted(took["delays"])
    return Intake(
        database=installation.kind,
        workers=workers,
        webs=webs,
        rate=rate,
        seconds=seconds,
        sent=len(delays),
        accepted=took["statuses"].get("204", 0),
        p50=_share(delays, 0.5),
        p99=_share(delays, 0.99),
        longest=delays[-1],
        performed=performed,
        cores=max(cores[:webs]),
        all_cores=sum(cores),
    )


def _performed(running: Programs) -> int:
    lines = [line for daemon in running.all for line in _get(daemon.url, "/metrics").splitlines()]
    return int(sum(float(line.split()[-1]) for line in lines if line.startswith("zoom_ops_runs_total{")))


def _get(url: str, path: str) -> str:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers=WITH_TOKEN)
    body = connection.getresponse().read().decode()
    connection.close()
    return body


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _send(urls: list[str], held: list[tuple[int, str]], rate: int, seconds: int) -> Document:
    """Send from another process, so that client and server do not wait for each other."""
    order = json.dumps({"urls": urls, "held": held, "rate": rate, "seconds": seconds})
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.intake"],
        input=order, capture_output=True, text=True, timeout=seconds + 2 * _GRACE_S, check=True,
    )  # fmt: skip
    report: Document = json.loads(ended.stdout)
    return report


class Generator:
    """Sends at fixed times without waiting for earlier answers. The delay of an answer counts from the due time."""

    def __init__(self, urls: list[str], held: list[tuple[int, str]], rate: int, seconds: int) -> None:
        self._hosts, self._held = [url.removeprefix("http://") for url in urls], held
        self._rate, self._count = rate, rate * seconds
        self._places: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._delays: list[float] = []
        self._statuses: Counter[str] = Counter()

    def run(self) -> Document:
        """Send everything; return the delays in seconds and the count of each status."""
        self._began = time.perf_counter()
        hosts = [self._hosts[number % len(self._hosts)] for number in range(_SENDERS)]
        senders = [threading.Thread(target=self._work, args=(host,), daemon=True) for host in hosts]
        for sender in senders:
            sender.start()
        for place in range(self._count):
            time.sleep(max(0.0, self._due(place) - time.perf_counter()))
            self._places.put(place)
        for _ in senders:
            self._places.put(None)
        for sender in senders:
            sender.join(timeout=_GRACE_S)
        return {"delays": list(self._delays), "statuses": dict(self._statuses)}

    def _due(self, place: int) -> float:
        return self._began + place / self._rate

    def _work(self, host: str) -> None:
        connection = http.client.HTTPConnection(host, timeout=_GRACE_S)
        while (place := self._places.get()) is not None:
            headers, body = write_notification(place, *self._held[place % len(self._held)])
            try:
                connection.request("POST", f"/webhooks/zoom/{ACCOUNT}", body, headers)
                answer = connection.getresponse()
                answer.read()
                status = str(answer.status)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                status = type(error).__name__
            self._delays.append(time.perf_counter() - self._due(place))
            self._statuses[status] += 1


def write_notification(place: int, webinar_id: int, uuid: str) -> tuple[dict[str, str], bytes]:
    """Write a notification: a different one for each `place`, of each kind in turn. Return its headers and its body."""
    thing = {"id": webinar_id, "uuid": uuid, "type": 5, "topic": f"Tides {place}"}
    return signed(_KINDS[place % len(_KINDS)], thing, WEBHOOK_SECRET, f"bench_{place}")


if __name__ == "__main__":
    order = json.load(sys.stdin)
    json.dump(Generator(**order).run(), sys.stdout)
