"""A proxy before a real system: it counts requests, lets things happen between them, and breaks at a chosen one."""

import http.client
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from tests import loopback

Break = Literal["before", "after"]  # the request does not reach the system; or its answer does not reach us
SAFE = ("GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT")
Served = TypeVar("Served", bound="Proxy")
_PATIENCE_S = 60
_RESET = struct.pack("ii", 1, 0)
_OF_ONE_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "date", "server")


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A request that came to the proxy."""

    method: str
    path: str
    body: bytes = field(repr=False)

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.method not in SAFE


class Proxy:
    """Forwards to the system at `target`; the same paths lie at `url`. One test at a time steers it.

    `keeps_host`: the system gets the Host that we asked for, which is the proxy's; else its own.
    """

    def __init__(self, target: str, *, keeps_host: bool = True) -> None:
        parts = urlsplit(target)
        self._host, self._port, self._keeps_host = str(parts.hostname), parts.port or 80, keeps_host
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}{parts.path}"
        self.heal()

    def heal(self) -> None:
        """Forget the requests, and forward all that come."""
        self.passed: list[Passed] = []
        self.broke = False
        self._break: tuple[int, Break] | None = None
        self._holds = False
        self._held: tuple[Passed, dict[str, str]] | None = None
        self._first_write: Callable[[], object] | None = None
        self._first_read: Callable[[], object] | None = None
        self._each: Callable[[], object] | None = None

    def break_at(self, number: int, how: Break) -> None:
        """Break at a request, counted from one, and stay down until it is healed."""
        self.heal()
        self._break = (number, how)

    def hold_first_write(self) -> None:
        """Keep the first write from the system, and be down from then on, until `let_it_land`."""
        self.heal()
        self._holds = True

    def let_it_land(self) -> None:
        """Forward the write that was held, and nobody waits for its answer."""
        assert self._held, "no write was held"
        held, self._held = self._held, None
        self._ask(*held)

    def before_first_write(self, act: Callable[[], object]) -> None:
        """Let something happen right before the first write is forwarded."""
        self._first_write = act

    def after_first_read(self, act: Callable[[], object]) -> None:
        """Let something happen right after the answer to the first request that reads."""
        self._first_read = act

    def after_each(self, act: Callable[[], object]) -> None:
        """Let something happen after each request, before its answer is passed on."""
        self._each = act

    @property
    def writes(self) -> list[Passed]:
        """The requests that may have changed something."""
        return [passed for passed in self.passed if passed.is_write]

    def pass_on(self, passed: Passed, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """Forward a request as planned; None if its connection breaks."""
        self.passed.append(passed)
        number, how = self._break or (None, "before")
        is_it = number == len(self.passed)
        if self.broke or (is_it and how == "before"):
            self.broke = True
            return None
        if passed.is_write and self._holds:
            self.broke, self._held = True, (passed, headers)
            return None
        if passed.is_write and self._first_write:
            act, self._first_write = self._first_write, None
            act()
        answer = self._ask(passed, headers)
        if not passed.is_write and self._first_read:
            act, self._first_read = self._first_read, None
            act()
        if self._each:
            self._each()
        if is_it:
            self.broke = True
            return None
        return answer

    def _ask(self, passed: Passed, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE_S)
        connection.putrequest(passed.method, passed.path, skip_host=True, skip_accept_encoding=True)
        if not self._keeps_host:
            headers = {**headers, "host": f"{self._host}:{self._port}"}
        for name, value in headers.items():
            if name not in ("connection", "keep-alive"):
                connection.putheader(name, value)
        connection.endheaders(passed.body or None)
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, [pair for pair in reply.getheaders() if pair[0].lower() not in _OF_ONE_HOP], body


@contextmanager
def run_proxy(target: str, *, keeps_host: bool = True) -> Iterator[Proxy]:
    """Run a proxy for the block."""
    with serve(Proxy(target, keeps_host=keeps_host)) as proxy:
        yield proxy


@contextmanager
def serve(proxy: Served) -> Iterator[Served]:
    """Let a proxy answer for the block."""
    with loopback.Served(proxy._server):
        yield proxy


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers one request a connection, of any method."""

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._pass
            raise AttributeError(name)

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = proxy.pass_on(Passed(method=self.command, path=self.path, body=body), headers)
            with suppress(OSError):
                self._reset() if answer is None else self._answer(*answer)

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.send_header("connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _reset(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
