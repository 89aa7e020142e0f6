"""A flood of sign-ins keeps neither another network nor Zoom waiting, and few of it are worked on at once."""

import asyncio
from collections import Counter
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from zoom_ops.web.edge.guard import RequestGuard
from zoom_ops.web.streams.places import StreamPlaces


class Scene:
    """An application whose requests end when the scene does."""

    def __init__(self) -> None:
        self.begun, self.ended = Counter[tuple[str, str]](), asyncio.Event()
        self.guard = RequestGuard(self._work, (), lambda _kind, _address: None, 40_000, StreamPlaces())
        self.tasks: list[asyncio.Task[None]] = []
        self.known: set[str] = set()  # the addresses of those who give the right password

    async def post(self, path: str, address: str, times: int = 1) -> int:
        """Send requests. Return how many of this path and address are worked on."""
        self.tasks += [asyncio.create_task(self.guard(_post(path, address), _nothing, _nowhere)) for _ in range(times)]
        await asyncio.sleep(0)
        return self.begun[path, address]

    async def end(self) -> None:
        """Answer all requests."""
        self.ended.set()
        await asyncio.gather(*self.tasks)

    async def sign_in(self, address: str) -> None:
        """Sign in with the right password."""
        self.known.add(address)
        await self.guard(_post("/sign-in", address), _nothing, _nowhere)
        self.known.clear()

    async def _work(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["client"][0] in self.known:
            await send({"type": "http.response.start", "status": 303, "headers": []})
            return
        self.begun[scope["path"], scope["client"][0]] += 1
        await self.ended.wait()


def _post(path: str, address: str) -> Scope:
    return {"type": "http", "method": "POST", "path": path, "headers": [], "client": (address, 1)}


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _nowhere(_message: Any) -> None:
    pass


def test_flood_of_sign_ins_leaves_room_for_others() -> None:
    async def act() -> tuple[int, ...]:
        scene = Scene()
        flood = await scene.post("/sign-in", "198.51.100.1", 1000)
        operator = await scene.post("/sign-in", "203.0.113.7")
        for number in range(300):
            await scene.post("/sign-in", f"198.51.{number // 250}.{number % 250}")
        worked_on = scene.begun.total()
        notification = await scene.post("/webhooks/zoom/main", "192.0.2.1")
        await scene.end()
        return flood, operator, worked_on, notification, scene.begun.total()

    assert asyncio.run(act()) == (32, 1, 256, 1, 1302)


def test_network_that_signed_in_before_does_not_wait_behind_a_flood_from_everywhere() -> None:
    async def act() -> tuple[int, int]:
        scene = Scene()
        await scene.sign_in("203.0.113.7")
        for number in range(4_000):
            await scene.post("/sign-in", f"198.{number // 250}.{number % 250}.1")
        operator, stranger = [await scene.post("/sign-in", address) for address in ("203.0.113.7", "203.0.114.7")]
        await scene.end()
        return operator, stranger

    assert asyncio.run(act()) == (1, 0)
