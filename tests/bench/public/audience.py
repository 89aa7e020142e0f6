"""Many open pages, in a process of their own: each follows its event, and fetches itself again as `site.js` does."""

import asyncio
import json
import random
import sys
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

EACH = 20  # streams of one address, as delivered
_RETRY_S = 5.0  # of a page that is refused, as in site.js
_PATIENCE_S = 120.0
_AT_ONCE = 50  # streams that are opened at the same time

Document = dict[str, Any]


@dataclass
class OpenPage:
    """One open page: when it was told, and when it showed what it waits for, in seconds of the monotonic clock."""

    host: str
    port: int
    address: str  # the client's
    path: str
    version: str
    tag: str
    told: list[float] = field(default_factory=list)
    shown: float | None = None
    refused: int = 0
    spread_s: float = 0.0


class Audience:
    """Opens pages, waits until all show a text, and reports the times."""

    def __init__(self, order: Document) -> None:
        hosts = [url.removeprefix("http://").split(":") for url in order["urls"]]
        self._pages = [
            OpenPage(
                host=hosts[number % len(hosts)][0],
                port=int(hosts[number % len(hosts)][1]),
                address=f"127.0.{1 + number // EACH // 250}.{1 + number // EACH % 250}",
                path=order["path"],
                version=order["version"],
                tag=order["tag"],
            )
            for number in range(order["pages"])
        ]
        self._awaited = order["awaited"].encode()
        self._tasks: set[asyncio.Task[None]] = set()
        self._complete = asyncio.Event()
        self._left = len(self._pages)

    async def run(self) -> Document:
        """Open all streams, say so in a line, and return the report when every page shows the text, or time is over."""
        room = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._open(page, room) for page in self._pages))
        sys.stdout.write("open\n")
        sys.stdout.flush()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._complete.wait(), _PATIENCE_S)
        return {
            "told": [page.told[0] if page.told else None for page in self._pages],
            "shown": [page.shown for page in self._pages],
            "refused": sum(page.refused for page in self._pages),
        }

    async def _open(self, page: OpenPage, room: asyncio.Semaphore) -> None:
        async with room:
            begun = asyncio.get_running_loop().create_future()
            await asyncio.get_running_loop().create_connection(
                lambda: _Stream(self, page, begun), page.host, page.port, local_addr=(page.address, 0)
            )
            await begun

    def hear(self, page: OpenPage) -> None:
        """Note a message, and fetch the page after its part of the spread."""
        page.told.append(time.monotonic())
        if page.shown is None:
            self._begin(page, random.random() * page.spread_s)

    def _begin(self, page: OpenPage, after: float) -> None:
        task = asyncio.ensure_future(self._reload(page, after))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reload(self, page: OpenPage, after: float) -> None:
        await asyncio.sleep(after)
        if page.shown is not None:
            return
        try:
            answer = asyncio.get_running_loop().create_future()
            line, _ = await asyncio.get_running_loop().create_connection(
                lambda: _Reload(page, answer), page.host, page.port, local_addr=(page.address, 0)
            )
            status, tag, body = await answer
            line.close()
        except OSError:
            status, tag, body = 0, "", b""
        if status not in (200, 304):
            page.refused += 1
            self._begin(page, _RETRY_S * (0.5 + random.random()))
            return
        page.tag = tag or page.tag
        if self._awaited in body and page.shown is None:
            page.shown = time.monotonic()
            self._count(page)

    def _count(self, page: OpenPage) -> None:
        self._left -= 1
        if not self._left:
            self._complete.set()


class _Stream(asyncio.Protocol):
    def __init__(self, audience: Audience, page: OpenPage, begun: "asyncio.Future[None]") -> None:
        self._audience, self._page, self._begun, self._text = audience, page, begun, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        page = self._page
        head = f"GET {page.path}/stream?version={page.version} HTTP/1.1\r\nHost: {page.host}\r\n"
        transport.write(f"{head}Accept: text/event-stream\r\n\r\n".encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._text += data
        while b"\n\n" in self._text:
            message, _, self._text = self._text.partition(b"\n\n")
            if b"retry: " in message and not self._begun.done():
                self._begun.set_result(None)
            if b"event: changed" in message:
                data = [line for line in message.split(b"\n") if line.startswith(b"data: ")]
                self._page.spread_s = int(data[1].removeprefix(b"data: ")) / 1000 if data[1:] else 0.0
                self._audience.hear(self._page)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._begun.done():
            self._begun.set_exception(OSError(f"a stream was refused: {self._text[:200]!r}"))


class _Reload(asyncio.Protocol):
    def __init__(self, page: OpenPage, answer: "asyncio.Future[tuple[int, str, bytes]]") -> None:
        self._page, self._answer, self._coming = page, answer, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        page = self._page
        head = (
            f"GET {page.path} HTTP/1.1\r\nHost: {page.host}\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n"
            f"Accept-Language: en\r\nCache-Control: no-cache\r\nIf-None-Match: {page.tag}\r\n\r\n"
        )
        transport.write(head.encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._coming += data
        head, end, body = bytes(self._coming).partition(b"\r\n\r\n")
        if not end or self._answer.done():
            return
        first, *lines = head.split(b"\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        status = int(first.split()[1])
        if status == 304 or len(body) >= int(fields.get(b"content-length", b"0")):
            if fields.get(b"content-encoding") == b"gzip":
                body = zlib.decompress(body, 31)
            self._answer.set_result((status, fields.get(b"etag", b"").decode(), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(exc or OSError("the connection ended"))


if __name__ == "__main__":
    order = json.loads(sys.stdin.readline())
    json.dump(asyncio.run(Audience(order).run()), sys.stdout)
