"""Requests to a web application in this process: with `requests`, but without socket, server or time-out.

A `Caller` is a normal session. A request to an address of `opened()` goes directly into the application, on one event
loop for all applications. Any other request goes over the network. tests/integration/web/test_server.py tests what the
real server adds.
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
        self.trust_env = False  # ignore the proxies and passwords of the environment
        self.peer = "127.0.0.1"  # the network address that an application sees
        self.mount("http://", _Adapter(self))


def bare_caller() -> Caller:
    """Build a session without default headers."""
    caller = Caller()
    caller.headers.clear()
    return caller


def new_address() -> str:
    """Return an address that no application has."""
    return f"http://site-{next(_numbers)}.test"


@contextmanager
def opened(app: FastAPI, address: str = "") -> Iterator[str]:
    """Give the application an address during the block, by default a new one. Its streams end with the block."""
    address = address or new_address()
    _open[urlsplit(address).netloc] = application = _Opened(app)
    try:
        yield address
    finally:
        del _open[urlsplit(address).netloc]
        application.close()


class _Opened:
    """An application with an address and its current exchanges."""

    def __init__(self, app: FastAPI) -> None:
        self._app, self._exchanges = app, set[_Exchange]()

    def begin(self, request: requests.PreparedRequest, peer: str) -> "_Exchange":
        exchange = _Exchange(request, peer)
        self._exchanges.add(exchange)
        task = asyncio.run_coroutine_threadsafe(exchange.run(self._app), loop_of_all())
        task.add_done_callback(lambda _: self._exchanges.discard(exchange))
        return exchange

    def close(self) -> None:
        loop_of_all().call_soon_threadsafe(streams_of(self._app).close)
        for exchange in list(self._exchanges):
            exchange.hang_up()
            exchange.ended.wait(5)


class _Adapter(BaseAdapter):
    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self._caller, self._network = caller, HTTPAdapter()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        host = urlsplit(request.url or "").netloc
        application = _open.get(host)
        if application is None:
            if host.endswith(".test"):
                raise requests.ConnectionError(f"{host} is closed", request=request)
            return self._network.send(request, *args, **options)
        return _build(request, application.begin(request, self._caller.peer))

    def close(self) -> None:
        self._network.close()


class _Exchange:
    """One request and its answer: the application runs in the event loop, the caller in its own thread."""

    def __init__(self, request: requests.PreparedRequest, peer: str) -> None:
        self._request, self._peer = request, peer
        self._parts = _body_of(request)
        self._messages: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self._closed = asyncio.Event()  # the caller has hung up, or the answer is complete
        self.ended = threading.Event()

    async def run(self, app: Callable[..., Awaitable[None]]) -> None:
        try:
            await app(_scope_of(self._request, self._peer), self._receive, self._send)
        except Exception as error:  # already answered if possible; a server logs it
            _log.error("Exception in ASGI application", exc_info=error)
        finally:
            self._messages.put(None)
            self.ended.set()

    def head(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Wait for status and headers."""
        start = self._messages.get()
        assert start is not None, f"{self._request.method} {self._request.url}: the application ended without an answer"
        return start["status"], list(start["headers"])

    def chunks(self) -> Iterator[bytes]:
        """Yield the parts of the body as they arrive."""
        while (message := self._messages.get()) is not None:
            if (body := message.get("body", b"")) and self._request.method != "HEAD":
                yield body

    def hang_up(self) -> None:
        """Notify the application that the caller has disconnected."""
        loop_of_all().call_soon_threadsafe(self._closed.set)

    async def _receive(self) -> Mapping[str, Any]:
        if self._parts:
            return {"type": "http.request", "body": self._parts.pop(0), "more_body": bool(self._parts)}
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        self._messages.put(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self._closed.set()


class _Raw:
    """The raw response that `requests` reads an answer from."""

    version = 11

    def __init__(self, exchange: _Exchange, headers: HTTPMessage) -> None:
        self.headers = HTTPHeaderDict(headers.items())
        self._exchange, self._chunks = exchange, exchange.chunks()
        self._zipped = headers.get("content-encoding") == "gzip"
        self._original_response = SimpleNamespace(msg=headers, isclosed=lambda: False)  # cookies are read from it

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


def _scope_of(request: requests.PreparedRequest, peer: str) -> dict[str, Any]:
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
        "client": (peer, 50_000),
        "server": (host, 80),
        "state": {},
    }


def _bytes(text: str | bytes) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text


@cache
def loop_of_all() -> asyncio.AbstractEventLoop:
    """Return the loop, started. As in a server it runs one task to its end, else anyio would start threads anew."""
    loop = asyncio.new_event_loop()
    threading.Thread(
        target=loop.run_until_complete, args=(asyncio.Event().wait(),), name="applications", daemon=True
    ).start()
    return loop
