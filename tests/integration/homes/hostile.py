"""A home that means ill, or is broken: what every kind bears. Each kind passes it by a short subclass with `open`.

The limits are small by injection: 100 kB, and for slow answers a fifth of a second.
"""

import gzip
import json
import socketserver
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Self

import pytest

from zoom_ops.errors import ZoomOpsError
from zoom_ops.homes import Entry, EventRecords, Limits

SECRET = "a-secret-that-only-the-home-may-get"
LIMITS = Limits(connect_s=5, read_s=5, deadline_s=15, requests_a_minute=6000, at_once=20, largest_answer=100_000)
_HURRIED = replace(LIMITS, deadline_s=0.2)
ENTRY = Entry(
    key="wsis/1", part=1, title="Recording", url="https://webinars.example.org/w/recordings/1", visibility="public"
)
_PAUSE_S = 0.02  # between the bytes of a slow answer


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that a server got."""

    method: str
    path: str
    head: str
    body: bytes = field(repr=False)


class Connection:
    """One request, and how its answer is sent."""

    def __init__(self, asked: Asked, send: Callable[[bytes], None], stopped: threading.Event) -> None:
        self.asked, self.send, self.stopped = asked, send, stopped

    def answer(self, body: bytes | str, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer."""
        content = body.encode() if isinstance(body, str) else body
        self.begin(status, {"Content-Length": str(len(content)), **(headers or {})})
        self.send(content)

    def begin(self, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Send the head of an answer."""
        given = {"Content-Type": "application/json", "ETag": '"1"', "Connection": "close", **(headers or {})}
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {text}" for name, text in given.items())]
        self.send("\r\n".join((*lines, "", "")).encode())


Behave = Callable[[Connection], None]


class Server:
    """Answers each request as `behave` does."""

    def __init__(self, behave: Behave) -> None:
        self.behave, self.asked = behave, list[Asked]()
        self.stopped = threading.Event()
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    head = b""
                    while not head.endswith(b"\r\n\r\n"):
                        line = self.rfile.readline(65_536)
                        if not line:
                            return
                        head += line
                    text = head.decode("latin-1")
                    lengths = [
                        row.partition(":")[2] for row in text.splitlines() if row.lower().startswith("content-l")
                    ]
                    method, path, _ = text.split(" ", 2)
                    body = self.rfile.read(int(lengths[0]) if lengths else 0)
                    asked = Asked(method=method, path=path, head=text, body=body)
                    server.asked.append(asked)
                    server.behave(Connection(asked, self.request.sendall, server.stopped))

        class Threads(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_: Any) -> None:
                pass

        self._server = Threads(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()


def _page(connection: Connection) -> None:
    connection.answer("<!doctype html><title>Sign in</title>", headers={"Content-Type": "text/html"})


def _endless(connection: Connection) -> None:
    connection.begin()
    while True:
        connection.send(b'[1,"' + b" " * 50_000)


def _endless_chunks(connection: Connection) -> None:
    connection.begin(headers={"Transfer-Encoding": "chunked"})
    while True:
        connection.send(b"8000\r\n" + b"[" * 0x8000 + b"\r\n")


def _slow(connection: Connection) -> None:
    connection.begin(headers={"Content-Length": "100000"})
    while not connection.stopped.wait(_PAUSE_S):
        connection.send(b"[")


def _slow_head(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\n")
    while not connection.stopped.wait(_PAUSE_S):
        connection.send(b"X")


def _bomb(connection: Connection) -> None:
    """Send 30 MB that are less than the limit when they are compressed twice."""
    connection.answer(_BOMB, headers={"Content-Encoding": "gzip, gzip"})


def _nested(connection: Connection) -> None:
    connection.answer("[" * 90_000)


def _nested_xml(connection: Connection) -> None:
    connection.answer('<multistatus xmlns="DAV:">' + "<a>" * 30_000, 207, {"Content-Type": "application/xml"})


def _entities(connection: Connection) -> None:
    bomb = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 9))
    text = f'<!DOCTYPE m [<!ENTITY e0 "zoom">{bomb}]><m>&e8;</m>'
    connection.answer(text, 207, {"Content-Type": "application/xml"})


def _many_headers(connection: Connection) -> None:
    connection.answer("{}", headers={f"X-{number}": "x" for number in range(500)})


def _long_header(connection: Connection) -> None:
    connection.answer("{}", headers={"X-Long": "x" * 90_000})


def _no_http(connection: Connection) -> None:
    connection.send(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


def _silence(connection: Connection) -> None:
    connection.send(b"")


def _status(number: int) -> Behave:
    return lambda connection: connection.answer("{}", number, {"Retry-After": "99999999999999999999"})


def _text(text: str) -> Behave:
    return lambda connection: connection.answer(text)


_BOMB = gzip.compress(gzip.compress(b"0" * 30_000_000, 1), 9)
_ANSWERS: dict[str, Behave] = {
    "a page": _page,
    "an endless body": _endless,
    "endless chunks": _endless_chunks,
    "a slow body": _slow,
    "a slow head": _slow_head,
    "30 MB compressed": _bomb,
    "nested JSON": _nested,
    "nested XML": _nested_xml,
    "XML entities": _entities,
    "many headers": _many_headers,
    "a long header": _long_header,
    "no HTTP": _no_http,
    "silence": _silence,
    "HTTP 500": _status(500),
    "HTTP 503": _status(503),
    "HTTP 418": _status(418),
    "null": _text("null"),
    "a number": _text("17"),
    "NaN": _text('{"data": NaN, "results": NaN}'),
    "half a letter": _text(json.dumps({"data": [{"id": "\ud800"}], "results": [{"id": "\ud800"}]})),
    "a long number": _text("9" * 50_000),
}


class HostileHome(ABC):
    """What every kind bears. `open` opens a home with SECRET as its password or token."""

    record_id = "1"

    @abstractmethod
    def open(self, url: str, limits: Limits) -> EventRecords:
        """Open the home at an address."""

    @pytest.mark.parametrize("name", _ANSWERS)
    def test_answer_is_refused_in_our_words(self, name: str) -> None:
        with Server(_ANSWERS[name]) as server:
            home = self.open(server.url, _HURRIED if "slow" in name else LIMITS)

            for ask in _operations(home, self.record_id):
                with pytest.raises(ZoomOpsError) as caught:
                    ask()
                assert SECRET not in str(caught.value)

            found = list(home.check())

        assert "missing" in [finding.state for finding in found]
        assert SECRET not in repr(found)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_redirect_is_not_followed(self, status: int) -> None:
        with _elsewhere() as elsewhere:
            target = {"Location": f"{elsewhere.url}/login"}
            with Server(lambda connection: connection.answer("", status, target)) as server:
                home = self.open(server.url, LIMITS)
                for ask in _operations(home, self.record_id):
                    with pytest.raises(ZoomOpsError):
                        ask()
                list(home.check())

        assert server.asked
        assert elsewhere.asked == []

    @pytest.mark.parametrize(
        "record_id", ["../../admin", "..", ".", "", "a/b", "a?b=c#d", "%2e%2e", "\\..", "a\r\nX: y"]
    )
    def test_id_does_not_lead_to_another_path(self, record_id: str) -> None:
        with Server(_status(404)) as server:
            home = self.open(server.url, LIMITS)
            for ask in (home.get, home.entries, lambda each: home.publish(each, ENTRY, None)):
                with pytest.raises(ZoomOpsError):
                    ask(record_id)
            below = {asked.path for asked in server.asked}
            server.asked.clear()
            with suppress(ZoomOpsError):
                home.get(self.record_id)
            (known,) = {asked.path for asked in server.asked}

        above, _, _ = known.rpartition(self.record_id)
        for path in below:
            assert path.startswith(above)
            rest = path.removeprefix(above).removesuffix(known.removeprefix(above + self.record_id))
            assert "/" not in rest
            assert rest not in (".", "..", "")
            assert "X: y" not in path


def _operations(home: EventRecords, record_id: str) -> Iterator[Callable[[], object]]:
    yield lambda: home.list_changed("")
    yield lambda: home.get(record_id)
    yield lambda: home.entries(record_id)
    yield lambda: home.publish(record_id, ENTRY, None)
    yield lambda: home.withdraw(record_id, ENTRY.key)


@contextmanager
def _elsewhere() -> Iterator[Server]:
    with Server(_status(200)) as server:
        yield server
