"""A small HTTP server on loopback that plays an external system in a test."""

import secrets
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any, Self

_PORTS = range(10_000, 32_000)  # below the ports that the system assigns to outgoing connections


def free_port() -> int:
    """Find a port without a listener, which no outgoing connection can take before it is used, or used again."""
    while True:
        port = secrets.choice(_PORTS)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def free_ports(number: int, *, apart: int) -> list[int]:
    """Choose ports for programs that start at the same time; each may also take those up to the next one."""
    first = secrets.choice(_PORTS[: -number * apart])
    return [first + apart * each for each in range(number)]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One received request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Served:
    """A server of the standard library, which answers during the block at `url`."""

    def __init__(self, server: HTTPServer, path: str = "") -> None:
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}{path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Loopback(Served):
    """Answers each request during the block with the status and the body that `hear` returns."""

    def __init__(self) -> None:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                with suppress(OSError):  # the client may be killed at any time
                    body = self.rfile.read(length)
                    request = Asked(method=self.command, path=self.path, headers=dict(self.headers), body=body)
                    if len(body) == length and (answer := loopback.hear(request)):
                        self._answer(*answer)

            do_GET = do_DELETE = do_POST

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), Handler))

    def hear(self, asked: Asked) -> tuple[int, bytes] | None:
        """Return the answer to a request, or None for no answer."""
        raise NotImplementedError
