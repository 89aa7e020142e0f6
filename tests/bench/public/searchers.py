"""Clients of as many addresses that search, each again as soon as it is answered: `python -m … PORT` until it ends."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SEARCHERS = 60


@contextmanager
def searchers(url: str) -> Iterator[None]:
    """Let the clients search during the block, from a process of their own."""
    command = [sys.executable, "-m", "tests.bench.public.searchers", url.rpartition(":")[2]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "answered\n"
            yield
            assert process.poll() is None
        finally:
            process.kill()


async def search(port: int) -> None:
    """Search for other words each time, until the process ends. Say so when the first search is answered."""
    answered = asyncio.Event()
    async with asyncio.TaskGroup() as clients:
        for number in range(SEARCHERS):
            clients.create_task(_search_on(port, number, answered))
        await answered.wait()
        sys.stdout.write("answered\n")
        sys.stdout.flush()


async def _search_on(port: int, client: int, answered: asyncio.Event) -> None:
    search = 0
    while True:
        search += 1
        address = (f"127.3.0.{client + 1}", 0)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=address)
            head = f"GET /?q=tides+w{client}x{search} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
        except OSError:  # refused, as one client of many may be
            answer = b""
        if answer.startswith(b"HTTP/1.1 200"):
            answered.set()
        else:
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(search(int(sys.argv[1])))
