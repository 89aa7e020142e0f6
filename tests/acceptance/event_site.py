"""A website of events that is none of ours: links at its events, and a log of all that was ever written there.

It runs in the process of the tests, so that no kill of a daemon touches it. Each POST makes a link with a number of its
own: whoever posts twice has two.
"""

import json
import random
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Literal, Self

Method = Literal["GET", "POST", "DELETE"]
Link = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Write:
    """A write that was carried out; `key` is what the writer calls the link."""

    method: Method
    event: str
    key: str


@dataclass(kw_only=True)
class Fault:
    """What befalls requests: refused with 503 before anything is done, or after it answered late, or not at all."""

    method: Method
    do: Literal["refuse", "delay", "drop"]
    times: int | None  # None: without end
    rate: float
    seconds: float

    def befalls(self, method: str, chance: random.Random) -> bool:
        """Tell whether it befalls this request, and count it."""
        if method != self.method or self.times == 0 or chance.random() >= self.rate:
            return False
        self.times = self.times and self.times - 1
        return True


class EventSite:
    """The website, while the block lasts."""

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.requests = self.lost = 0  # how many came, and how many of them were carried out and never answered
        self._links: dict[int, tuple[str, Link]] = {}  # by number: the event, and the link
        self._faults: list[Fault] = []
        self._chance = random.Random(20400131)
        self._numbers = count(1)
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with suppress(OSError):  # who asked has been killed
                    site._serve(self)

            do_POST = do_DELETE = do_GET

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fault(
        self, method: Method, do: Literal["refuse", "delay", "drop"], *, times: int | None = None, rate: float = 1.0,
        seconds: float = 0.0,
    ) -> None:  # fmt: skip
        """Order a fault."""
        self._faults.append(Fault(method=method, do=do, times=times, rate=rate, seconds=seconds))

    def mend(self) -> None:
        """Lift all faults."""
        self._faults.clear()

    def links(self, event: str) -> list[Link]:
        """List the links at an event."""
        with self._lock:
            return [link for at, link in self._links.values() if at == event]

    def written(self, method: Method) -> Counter[tuple[str, str]]:
        """Count the writes of a kind that were carried out, by event and key."""
        return Counter((write.event, write.key) for write in self.writes if write.method == method)

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("content-length") or 0)
        body = request.rfile.read(length)
        if len(body) < length:
            return  # it broke off in the middle
        with self._lock:
            self.requests += 1
            met = {fault.do: fault.seconds for fault in self._faults if fault.befalls(request.command, self._chance)}
            status, reply = (503, None) if "refuse" in met else self._carry_out(request.command, request.path, body)
            self.lost += "drop" in met and status != 503
        time.sleep(met.get("delay", 0.0))
        if "drop" not in met:
            _answer(request, status, reply)

    def _carry_out(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Do what was asked of /events/EVENT/links or /events/EVENT/links/NUMBER."""
        _, _, event, _, *numbers = path.split("/")
        if method == "GET":
            return 200, [link for at, link in self._links.values() if at == event]
        if method == "POST":
            number = next(self._numbers)
            self._links[number] = (event, {**json.loads(body), "id": number})
            self.writes.append(Write(method="POST", event=event, key=self._links[number][1]["key"]))
            return 201, {"id": number}
        _, link = self._links.pop(int(numbers[0]), (event, None))
        if link is None:
            return 404, None
        self.writes.append(Write(method="DELETE", event=event, key=link["key"]))
        return 204, None


def _answer(request: BaseHTTPRequestHandler, status: int, reply: Any) -> None:
    content = b"" if reply is None else json.dumps(reply).encode()
    request.send_response(status)
    request.send_header("content-type", "application/json")
    request.send_header("content-length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)
