"""Ask a web application in this process: by `requests`, as over HTTP, but without socket, server or time-out.

A `Caller` is a session like any other. What it sends to an address of `opened()` goes straight into the application, on
one event loop for all; what it sends elsewhere goes over the network. What the real server adds is tested in
tests/integration/web/test_server.py.
"""

import asyncio
import logging
import queue
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.client import HTTPMessage, responses
from itertools import count
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from fastapi import FastAPI
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.cookies import extract_cookies_to_jar
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict

from zoom_ops.web.public.stream import streams_of

_numbers = count(1)
_open: dict[str, "_Opened"] = {}
_log = logging.getLogger("uvicorn.error")


class Caller(requests.Session):
    """A session that finds the applications of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # the environment's proxies and passwords, looked up for each request, are not for tests
        self.mount("http://", _Adapter())


def bare_caller() -> Caller:
    """Make one that sends the headers that it is told to, and no others."""
    caller = Caller()
    caller.headers.clear()
    return caller


def new_address() -> str:
    """Make up an address that no application has."""
    return f"http://site-{next(_numbers)}.test"


@contextmanager
def opened(app: FastAPI, address: str = "") -> Iterator[str]:
    """Give the application an address for the block, a new one unless one is given; its streams end with the block."""
    address = address or new_address()
    _open[urlsplit(address).netloc] = application = _Opened(app)
    try:
        yield address
    finally:
        del _open[urlsplit(address).netloc]
        application.close()


class _Opened:
    """An application with an address, and what is under way there."""

    def __init__(self, app: FastAPI) -> None:
        self._app, self._exchanges = app, set[_Exchange]()

    def begin(self, request: requests.PreparedRequest) -> "_Exchange":
        exchange = _Exchange(request)
        self._exchanges.add(exchange)
        task = asyncio.run_coroutine_threadsafe(exchange.run(self._app), _loop())
        task.add_done_callback(lambda _: self._exchanges.discard(exchange))
        return exchange

    def close(self) -> None:
        _loop().call_soon_threadsafe(streams_of(self._app).close)
        for exchange in list(self._exchanges):
            exchange.hang_up()
            exchange.ended.wait(5)


class _Adapter(BaseAdapter):
    def __init__(self) -> None:
        super().__init__()
        self._network = HTTPAdapter()

    def send(self, request: requests.PreparedRequest, *how: Any, **further: Any) -> requests.Response:
        host = urlsplit(request.url or "").netloc
        application = _open.get(host)
        if application is None:
            if host.endswith(".test"):
                raise requests.ConnectionError(f"{host} is closed", request=request)
            return self._network.send(request, *how, **further)
        return _build(request, application.begin(request))

    def close(self) -> None:
        self._network.close()


class _Exchange:
    """One request and its answer: the application's side runs in the event loop, the caller's in its own thread."""

    def __init__(self, request: requests.PreparedRequest) -> None:
        self._request = request
        self._parts = _body_of(request)
        self._said: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self._gone = asyncio.Event()  # the caller has, or the answer is complete
        self.ended = threading.Event()

    async def run(self, app: Callable[..., Awaitable[None]]) -> None:
        try:
            await app(_scope_of(self._request), self._receive, self._send)
        except Exception as error:  # answered already, where it could be; the server logs it
            _log.error("Exception in ASGI application", exc_info=error)
        finally:
            self._said.put(None)
            self.ended.set()

    def head(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Wait for status and headers."""
        start = self._said.get()
        assert start is not None, f"{self._request.method} {self._request.url}: the application ended without an answer"
        return start["status"], list(start["headers"])

    def chunks(self) -> Iterator[bytes]:
        """Give the body bit by bit, as it comes."""
        while (message := self._said.get()) is not None:
            if (body := message.get("body", b"")) and self._request.method != "HEAD":
                yield body

    def hang_up(self) -> None:
        """Let the application know that nobody listens any more."""
        _loop().call_soon_threadsafe(self._gone.set)

    async def _receive(self) -> Mapping[str, Any]:
        if self._parts:
            return {"type": "http.request", "body": self._parts.pop(0), "more_body": bool(self._parts)}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        self._said.put(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self._gone.set()


class _Raw:
    """What `requests` reads an answer from."""

    version = 11

    def __init__(self, exchange: _Exchange, headers: HTTPMessage) -> None:
        self.headers = HTTPHeaderDict(headers.items())
        self._exchange, self._chunks = exchange, exchange.chunks()
        self._zipped = headers.get("content-encoding") == "gzip"
        self._original_response = SimpleNamespace(msg=headers, isclosed=lambda: False)  # where cookies are looked for

    def stream(self, _size: int | None, *, decode_content: bool = True) -> Iterator[bytes]:
        unpack = zlib.decompressobj(31).decompress if self._zipped and decode_content else bytes
        return (part for part in map(unpack, self._chunks) if part)

    def read(self, *, decode_content: bool = True) -> bytes:
        return b"".join(self.stream(None, decode_content=decode_content))

    def close(self) -> None:
        self._exchange.hang_up()

    release_conn = close


def _build(request: requests.PreparedRequest, exchange: _Exchange) -> requests.Response:
    status, headers = exchange.head()
    message, answer = HTTPMessage(), requests.Response()
    for name, value in headers:
        message[name.decode("latin-1")] = value.decode("latin-1")
    answer.status_code, answer.reason = status, responses.get(status, "")
    answer.request, answer.url = request, request.url or ""
    answer.headers = CaseInsensitiveDict({name: ", ".join(message.get_all(name, [])) for name in message})
    answer.encoding = get_encoding_from_headers(answer.headers)
    answer.raw = _Raw(exchange, message)
    extract_cookies_to_jar(answer.cookies, request, answer.raw)
    return answer


def _body_of(request: requests.PreparedRequest) -> list[bytes]:
    body = request.body
    if body is None or isinstance(body, bytes | str):
        return [body.encode() if isinstance(body, str) else body or b""]
    return [*body] or [b""]


def _scope_of(request: requests.PreparedRequest) -> dict[str, Any]:
    path, _, query = request.path_url.partition("?")
    host = urlsplit(request.url or "").netloc
    headers = [(_bytes(name).lower(), _bytes(value)) for name, value in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [(b"host", host.encode()), *headers],
        "client": ("127.0.0.1", 50_000),
        "server": (host, 80),
        "state": {},
    }


def _bytes(text: str | bytes) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="applications", daemon=True).start()
    return loop
