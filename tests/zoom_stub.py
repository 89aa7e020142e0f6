"""A stub of Zoom that answers with exactly the bytes of a test, with a gateway to it."""

import json
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tests.builders import ACCOUNT, HOST
from zoom_ops.clock import Clock, SystemClock
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.encryption import SecretBox
from zoom_ops.zoom import Call, Callbacks, Gateway, Waits, ZoomAccount, open_gateway

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SHORT_WAITS = Waits(connect_s=1, read_s=1.5, deadline_s=2)  # for tests that wait until they are over
PATIENT = Waits()  # the defaults of the product: a busy machine may delay an answer by a second

Reply = Callable[[socket.socket], None]


def an_account(url: str = "https://zoom.example.org", **changes: Any) -> ZoomAccount:
    """Build the account of the cast at a Zoom with this address."""
    account = {
        "name": ACCOUNT,
        "account_id": "harbour-account",
        "client_id": "harbour-client",
        "client_secret": "harbour-client-secret",
        "hosts": (HOST,),
        "api_url": f"{url}/v2",
        "oauth_url": f"{url}/oauth/token",
    }
    return ZoomAccount(**account | changes)


def a_gateway(
    account: ZoomAccount, database: Database, *, calls: list[Call] | None = None, clock: Clock | None = None,
    waits: Waits = PATIENT, key: str = KEY,
) -> Gateway:  # fmt: skip
    """Open a gateway to that account."""
    calls = [] if calls is None else calls
    return open_gateway(
        account, database=database, box=SecretBox([key]), clock=clock or SystemClock(), waits=waits,
        callbacks=Callbacks(on_call=calls.append),
    )  # fmt: skip


def says(status: int, body: Any = None, **headers: str) -> Reply:
    """Answer correctly: a string as HTML, any other body as JSON."""
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    kind = "text/html" if isinstance(body, str) else "application/json"
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {kind}", f"Content-Length: {len(text.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda connection: connection.sendall("\r\n".join([*lines, "", text]).encode())


def refuses(status: int, code: int, message: str, **headers: str) -> Reply:
    """Answer with an error in Zoom's form."""
    return says(status, {"code": code, "message": message}, **headers)


def raw(content: bytes) -> Reply:
    """Answer with these bytes and close the connection."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_RDWR)

    return reply


def resets(connection: socket.socket) -> None:
    """Reset the connection without an answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drips(head: bytes, drop: bytes, every_s: float = 0.1) -> Reply:
    """Send `head`, then `drop` every `every_s` seconds without end."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(head)
        with suppress(OSError):
            while True:
                connection.sendall(drop)
                time.sleep(every_s)

    return reply


def silent(connection: socket.socket) -> None:
    """Do not answer for 3 seconds."""
    time.sleep(3)


@dataclass
class RawZoom:
    """A server on loopback: the next reply answers a request, `token_replies` or a valid token a token request."""

    token_replies: deque[Reply] = field(default_factory=deque)
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[str] = field(default_factory=list)  # of the API, as received
    token_requests: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    def answer(self, *replies: Reply) -> None:
        """Append the next replies."""
        self.replies.extend(replies)

    @property
    def bearers(self) -> list[str]:
        """The Authorization headers of the API requests, in order."""
        return [line for request in self.requests for line in request.split("\r\n") if line.startswith("Authorization")]

    @property
    def url(self) -> str:
        """The address of the server."""
        host, port = self._listening.getsockname()
        return f"{'https' if self.tls else 'http'}://{host}:{port}"

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _b: TracebackType | None) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), self.tls.wrap_socket(plain, server_side=True) if self.tls else plain as connection:
            while request := _read_request(connection):
                if request.startswith("POST /oauth/token"):
                    self.token_requests.append(request)
                    self._answer_token(connection)
                    continue
                self.requests.append(request)
                if not self.replies:
                    break  # a request without a prepared reply gets no answer
                self.replies.popleft()(connection)

    def _answer_token(self, connection: socket.socket) -> None:
        if self.token_replies:
            return self.token_replies.popleft()(connection)
        number = len(self.token_requests)
        token = {"access_token": f"token-{number}", "token_type": "bearer", "expires_in": 3600, "scope": "a:b:admin"}
        return says(200, token)(connection)


def _read_request(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return ""
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return (head + b"\r\n\r\n" + body).decode()
