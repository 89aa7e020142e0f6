"""The server of a process without pages: it answers the probes, from one thread, and loads no web framework.

A connection gives one answer. Each has seconds to ask, few are open at a time, and the oldest gives way to a new one.
"""

import asyncio
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus

import structlog

from ..listening import open_listener
from .answers import PATHS, ProbeAnswer, Probes

log = structlog.get_logger()
_MOST_OPEN = 50
_ASKS_S, _ANSWERS_S = 5.0, 30.0
_LONGEST_HEAD = 16_384  # bytes
_AT_ONCE = 2  # answers that are being made, as each may wait for the database


class ProbeServer:
    """Answers probes on a listening socket, in a thread of its own."""

    def __init__(self, probes: Probes, listener: socket.socket) -> None:
        self._probes, self._listener = probes, listener
        self._loop, self._stopping = asyncio.new_event_loop(), asyncio.Event()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="probe")
        self._open: dict[asyncio.Task[None], None] = {}  # in the order of their beginning
        self._thread = threading.Thread(target=self._run, name="probes", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on; the real one if 0 was configured."""
        port: int = self._listener.getsockname()[1]
        return port

    def start(self) -> None:
        """Serve until `stop()`, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port, and every connection."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(timeout=5)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._listener.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._begin, sock=self._listener, limit=_LONGEST_HEAD)
        await self._stopping.wait()
        server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while len(self._open) >= _MOST_OPEN:
            oldest = next(iter(self._open))
            del self._open[oldest]
            oldest.cancel()
        task = self._loop.create_task(self._talk(reader, writer))
        self._open[task] = None
        task.add_done_callback(lambda done: self._open.pop(done, None))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            try:
                async with asyncio.timeout(_ASKS_S):
                    head = await reader.readuntil(b"\r\n\r\n")
                async with asyncio.timeout(_ANSWERS_S):
                    writer.write(await self._answer(head))
                    await writer.drain()
            finally:
                writer.close()

    async def _answer(self, head: bytes) -> bytes:
        """Answer a request by its head; a body or a second request is never read."""
        line, *fields = head.decode("latin-1").split("\r\n")
        method, _, rest = line.partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        if method not in ("GET", "HEAD"):
            return _write(HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", b"", method, ("Allow: GET, HEAD",))
        if path not in PATHS:
            return _write(HTTPStatus.NOT_FOUND, "text/plain", b"Not found.\n", method)
        ask = partial(self._probes.answer, path, _find_authorization(fields))
        try:
            answer: ProbeAnswer = await self._loop.run_in_executor(self._pool, ask)
        except Exception as error:
            log.error("probe_failed", path=path, error=str(error)[:256])
            return _write(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain", b"It failed; see the log.\n", method)
        more = tuple(f"{name}: {value}" for name, value in answer.more)
        return _write(HTTPStatus(answer.status), answer.kind, answer.body, method, more)


def open_probes(probes: Probes, host: str, port: int) -> ProbeServer:
    """Bind the port and make its server. Raise ConfigurationError if the port is not available."""
    return ProbeServer(probes, open_listener(host, port))


def _find_authorization(fields: Iterable[str]) -> str:
    parts = (field.partition(":") for field in fields)
    return next((value.strip() for name, _, value in parts if name.lower() == "authorization"), "")


def _write(status: HTTPStatus, kind: str, body: bytes, method: str, more: tuple[str, ...] = ()) -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
        *more,
    )
    return "\r\n".join((*head, "\r\n")).encode("latin-1") + (b"" if method == "HEAD" else body)
