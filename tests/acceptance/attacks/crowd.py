"""A crowd: honest readers behind one address, who open a page with all that is on it, and look again. In a process.

It prints what they got: statuses by kind of request, and the slowest pages. It ends when its standard input does.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

_PATIENCE_S = 20.0
_AT_ONCE = 3  # connections of a browser, besides the one of the stream


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """How many readers come within how many seconds, from where, and what each asks for."""

    module: ClassVar[str] = "tests.acceptance.attacks.crowd"
    readers: int
    seconds: float
    page: str
    resources: tuple[str, ...]  # of the page, which its browser has to fetch
    again_s: float = 20.0  # until a reader looks again, for the last time
    address: str = "127.7.7.7"

    def order(self, port: int) -> str:
        """Write the order for a process."""
        return json.dumps({**asdict(self), "port": port})


class Browser:
    """A reader's browser: connections that stay open, and one more for the stream."""

    def __init__(self, crowd: Crowd, port: int, counts: Counter[str], times: list[float]) -> None:
        self._crowd, self._port, self._counts, self._times = crowd, port, counts, times
        self._lines: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def read(self) -> None:
        """Open the page, fetch what is on it, hear of changes; look again after a while; then leave."""
        began = time.monotonic()
        tag = await self._ask("page", self._crowd.page)
        resources = list(self._crowd.resources)

        async def fetch() -> None:
            while resources:
                await self._ask("resource", resources.pop())

        hearing = asyncio.create_task(self._hear())
        await asyncio.gather(*(fetch() for _ in range(_AT_ONCE)))
        self._times.append(time.monotonic() - began)
        await asyncio.sleep(self._crowd.again_s)
        await self._ask("again", self._crowd.page, tag)
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        for _, writer in self._lines:
            writer.close()

    async def _ask(self, kind: str, path: str, tag: str = "") -> str:
        """Ask on a connection that is open, or else on a new one, as browsers do; return the tag of the answer."""
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        for is_new in (False, True) if self._lines else (True,):
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    line = await self._open() if is_new else self._lines.pop()
                    status, fields = await _exchange(line, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{known}\r\n")
            except (OSError, EOFError, ValueError) as error:
                if is_new:
                    self._counts[f"{kind} {type(error).__name__}"] += 1
                continue
            if fields.get("connection") == "close":
                line[1].close()
            else:
                self._lines.append(line)
            self._counts[f"{kind} {status}"] += 1
            return fields.get("etag", "")
        return ""

    async def _hear(self) -> None:
        with suppress(OSError, EOFError):
            reader, writer = await self._open()
            try:
                writer.write(f"GET {self._crowd.page}/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                line = await reader.readline()
                self._counts[f"stream {line.split()[1].decode() if line else 'no answer'}"] += 1
                while await reader.read(65_536):
                    pass
            finally:
                writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._crowd.address, 0))


async def _exchange(line: tuple[asyncio.StreamReader, asyncio.StreamWriter], head: str) -> tuple[str, dict[str, str]]:
    reader, writer = line
    writer.write(head.encode())
    status = (await reader.readuntil(b"\r\n")).split()[1].decode()
    fields = dict[str, str]()
    while (field := await reader.readuntil(b"\r\n")) != b"\r\n":
        name, _, value = field.decode("latin-1").partition(":")
        fields[name.lower()] = value.strip()
    if status != "304":
        await reader.readexactly(int(fields["content-length"]))
    return status, fields


async def _main(crowd: Crowd, port: int) -> dict[str, Any]:
    counts, times, tasks = Counter[str](), list[float](), list[asyncio.Task[None]]()
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    for _ in range(crowd.readers):
        tasks.append(asyncio.create_task(Browser(crowd, port, counts, times).read()))
        await asyncio.sleep(crowd.seconds / crowd.readers)
    await asyncio.gather(*tasks, return_exceptions=True)
    await ended
    return {**counts, "slowest": sorted(round(each, 2) for each in times)[-max(1, len(times) // 100)]}


if __name__ == "__main__":
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    to = order.pop("port")
    sys.stdout.write(json.dumps(asyncio.run(_main(Crowd(**order), to))))
