"""A flood of sign-ins keeps neither another network nor Zoom waiting, and few of it are worked on at once."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from anyio import to_thread
from starlette.types import Message, Receive, Scope, Send

from tests.builders import EVENT_ID
from tests.edge.acquaintances import Known
from zoom_ops.web.edge.door.first_bytes import FirstBytes
from zoom_ops.web.edge.guard import RequestGuard
from zoom_ops.web.edge.returning import Returning
from zoom_ops.web.signed_paths import BACK_CHANNEL
from zoom_ops.web.streams.places import StreamLimits, StreamPlaces


class Scene:
    """An application whose requests end when the scene does."""

    def __init__(self, connections: int = 40_000) -> None:
        self.begun, self.ended = Counter[tuple[str, str]](), asyncio.Event()
        self.acquaintances = Known()
        self.trusted = self.acquaintances.trusted
        streams = StreamPlaces(StreamLimits(each=1))
        streams.enter("198.51.100.7")
        known = self.acquaintances
        self.guard = RequestGuard(self._work, (), lambda _kind, _address: None, connections, streams, known)
        self.tasks: list[asyncio.Task[None]] = []
        self.pages: set[str] = set()  # the paths of those that there are
        self.known: set[str] = set()  # the addresses of those who give the right password

    async def post(self, path: str, address: str, times: int = 1) -> int:
        """Post requests. Return how many of this path and address are worked on."""
        return await self.ask("POST", path, address, times)

    async def ask(self, method: str, path: str, address: str, times: int = 1) -> int:
        """Send requests. Return how many of this path and address are worked on."""
        scope = _request(method, path, address)
        self.tasks += [asyncio.create_task(self.guard(scope, _nothing, _nowhere)) for _ in range(times)]
        await asyncio.sleep(0)
        return self.begun[path, address]

    async def end(self) -> None:
        """Answer all requests."""
        self.ended.set()
        await asyncio.gather(*self.tasks)

    async def sign_in(self, address: str) -> None:
        """Sign in with the right password."""
        self.known.add(address)
        await self.guard(_request("POST", "/sign-in", address), _nothing, _nowhere)
        self.known.clear()

    async def find(self, path: str, address: str, cookie: str = "") -> None:
        """Ask for a page that there is."""
        scope = _request("GET", path, address)
        scope["headers"] = [(b"cookie", cookie.encode())] if cookie else []
        self.pages.add(scope["path"])
        await self.guard(scope, _nothing, _nowhere)
        self.pages.clear()

    async def _work(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["client"][0] in self.known:
            await send({"type": "http.response.start", "status": 303, "headers": []})
            return
        if scope["path"] in self.pages:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            return
        self.begun[scope["path"], scope["client"][0]] += 1
        await self.ended.wait()


def _request(method: str, path: str, address: str) -> Scope:
    path, _, query = path.partition("?")
    return {
        "type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": [],
        "client": (address, 1),
    }  # fmt: skip


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

    assert asyncio.run(act()) == (32, 1, 96, 1, 1302)


IN_THREADS = {  # an address of each kind of request that works in one of anyio's threads
    "GET": ("/nothing", "/", "/?q=tides", "/-/events", "/health", f"/events/{EVENT_ID}/stream"),
    "POST": ("/-/events", "/api/v1/events", "/account", "/hooks/homes/main", "/nothing"),
}


def test_no_kind_of_request_takes_the_threads_of_another() -> None:
    async def act() -> tuple[list[int], int, int]:
        scene = Scene()
        for method, paths in IN_THREADS.items():
            for path in paths:
                for number in range(60):
                    await scene.ask(method, path, f"198.51.100.{number}")
        in_threads = scene.begun.total()
        notifications = [await scene.post("/webhooks/zoom/main", f"192.0.2.{number}") for number in range(60)]
        threads = to_thread.current_default_thread_limiter().total_tokens
        await scene.end()
        return notifications, in_threads, int(threads)

    notifications, in_threads, threads = asyncio.run(act())

    assert notifications == [1] * 60
    assert in_threads < threads  # streams and the console look for changes in some, too


def test_pages_that_somebody_found_do_not_wait_behind_a_flood_of_others_from_everywhere() -> None:
    paths = ("/", "/series/harbour", "/t%C3%A4g", "/health", "/-/events", "/secret", "/missing")

    async def act() -> tuple[int, int, list[str | None]]:
        scene = Scene()
        await scene.find("/series/harbour", "203.0.113.8")
        await scene.find("/täg", "203.0.113.8")
        await scene.find("/secret", "203.0.113.8", cookie="zoom_ops_session=1")
        await scene.find("/missing?key=1", "203.0.113.8")
        for number in range(5_010):
            await scene.ask("GET", f"/nothing/{number}", f"198.{number % 2_500 // 250}.{number % 250}.1")
        flood = scene.begun.total()
        await scene.ask("GET", "/?q=tides", "203.0.113.7")
        await scene.ask("GET", "/series/harbour", "203.0.113.7")
        found = scene.begun.total() - flood
        asks = (FirstBytes(method="GET", path=path) for path in paths)
        scene.guard.returning = Returning()  # nobody of the flood has the place of this one by chance
        scene.guard.returning.note("203.0.113.7", 0)
        for number in range(20):  # for so much nobody else asked
            scene.guard.turns_away(FirstBytes(method="GET", path=f"/missing/{number}"), "203.0.113.7", 0, False)
        refused = [scene.guard.turns_away(first, "203.0.113.7", 0, False) for first in asks]
        await scene.end()
        return flood, found, refused

    assert asyncio.run(act()) == (2, 2, [None] * 5 + ["connection"] * 2)


def test_newcomer_that_comes_in_beside_a_flood_that_comes_back_is_not_taken_for_one_of_it() -> None:
    async def act() -> tuple[str | None, bool, bool]:
        scene, newcomer = Scene(connections=4_000), "203.0.113.7"
        for number in range(1_400):
            await scene.ask("GET", f"/nothing/{number}", f"198.{number % 700 // 250}.{number % 250}.1")
        scene.guard.returning = Returning()  # nobody of the flood has the place of this one by chance
        first = FirstBytes(method="GET", path="/missing")
        refused, is_taken_for_one = (
            scene.guard.turns_away(first, newcomer, 0, False),
            scene.guard.returning.knows(newcomer),
        )
        await scene.ask("GET", "/missing", newcomer)
        comes_back = scene.guard.returning.knows(newcomer)
        await scene.end()
        return refused, is_taken_for_one, comes_back

    assert asyncio.run(act()) == (None, False, True)


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


@pytest.mark.parametrize("before_the_start", [False, True])
def test_provider_that_is_known_may_sign_out_everybody_at_once(before_the_start: bool) -> None:
    async def act() -> tuple[int, int]:
        scene = Scene()
        if before_the_start:
            scene.acquaintances.trust("203.0.113.7")
        else:
            await scene.sign_in("203.0.113.7")
        await scene.post(BACK_CHANNEL, "203.0.113.7", 2_000)
        operator = await scene.post("/sign-in", "203.0.113.7")
        await scene.end()
        return scene.begun[BACK_CHANNEL, "203.0.113.7"], operator

    assert asyncio.run(act()) == (2_000, 1)


STREAM, SIGN_IN = (
    FirstBytes(method="GET", path=f"/events/{EVENT_ID}/stream"),
    FirstBytes(method="POST", path="/sign-in"),
)


def test_newcomers_who_ask_in_vain_are_turned_away_in_a_crowd() -> None:
    async def act() -> list[str | None]:
        guard = Scene().guard
        streams = [guard.turns_away(STREAM, address, 0, False) for address in ("198.51.100.7", "198.51.100.8")]
        others = [
            guard.turns_away(first, "198.51.100.7", 0, True) for first in (FirstBytes(), FirstBytes(method="GET"))
        ]
        return streams + others

    assert asyncio.run(act()) == ["stream", None, None, None]


def test_page_excuses_a_network_and_a_stream_does_not() -> None:
    async def act() -> list[str]:
        scene = Scene()
        for path in ("/", f"/events/{EVENT_ID}/stream"):
            await scene.find(path, "192.0.2.1")
        return scene.acquaintances.excused

    assert asyncio.run(act()) == ["192.0.2.1"]


@pytest.mark.parametrize(("is_crowded", "networks", "come_in"), [(False, 250, 500), (True, 250, 200), (False, 5, 200)])
def test_streams_open_one_after_the_other_in_a_crowd_and_where_they_end_at_once(
    is_crowded: bool, networks: int, come_in: int
) -> None:
    async def act() -> int:
        guard = Scene().guard
        asks = (guard.turns_away(STREAM, f"192.{number % networks}.2.1", 9, is_crowded) for number in range(500))
        return sum(kind is None for kind in asks)

    assert asyncio.run(act()) == come_in


def test_more_newcomers_than_can_sign_in_are_turned_away_but_for_known_networks() -> None:
    async def act() -> tuple[int, int, int, list[str]]:
        scene = Scene()
        await scene.sign_in("203.0.113.7")
        now = asyncio.get_running_loop().time()

        def come_in(address: str, now: float) -> int:
            return sum(scene.guard.turns_away(SIGN_IN, address, now, False) is None for _ in range(1000))

        counts = come_in("198.51.100.1", now), come_in("203.0.113.7", now), come_in("198.51.100.2", now + 10)
        await scene.end()
        return *counts, scene.trusted

    assert asyncio.run(act()) == (50, 1000, 50, ["203.0.113.7"])


@pytest.mark.parametrize(
    ("method", "flood", "asked"),
    [
        ("GET", "/?q=a{}", "/"),
        ("GET", "/events/tides/join?a={}", "/"),
        ("GET", "/events/tides/join?a={}", "/?q=tides"),
        ("GET", "/-/events?a={}", "/events/tides"),
        ("POST", "/-/events?a={}", "/webhooks/zoom/main"),
    ],
)
def test_flood_from_everywhere_takes_no_turn_of_what_others_ask_for(method: str, flood: str, asked: str) -> None:
    async def act() -> int:
        scene = Scene(connections=4_000)
        await scene.find("/events/tides", "203.0.113.8")
        await scene.find("/events/tides/join", "203.0.113.8")
        for number in range(700):
            await scene.ask(method, flood.format(number), f"198.{number // 250}.{number % 250}.1")
        before = scene.begun.total()
        await scene.ask(method, asked, "203.0.113.7")
        begun = scene.begun.total() - before
        await scene.end()
        return begun

    assert asyncio.run(act()) == 1


@pytest.mark.parametrize(("method", "path"), [("GET", "/-/events"), ("POST", "/-/events"), ("GET", "/?q=tides")])
def test_known_networks_go_first_in_a_flood_from_everywhere(method: str, path: str) -> None:
    async def act() -> int:
        scene = Scene(connections=4_000)
        for number in range(700):
            await scene.ask(method, path, f"198.{number // 250}.{number % 250}.1")
        await scene.sign_in("203.0.113.7")
        is_refused = scene.guard.turns_away(FirstBytes(method=method, path=path), "203.0.113.7", 0, True)
        task = asyncio.create_task(scene.guard(_request(method, path, "203.0.113.7"), _nothing, _nowhere))
        await asyncio.sleep(0)
        scene.tasks.pop(0).cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        begun = [address for _, address in scene.begun]
        await scene.end()
        await task
        return is_refused is None and "203.0.113.7" in begun

    assert asyncio.run(act())


@pytest.mark.parametrize(
    ("method", "status", "field", "answered"),
    [
        ("GET", 200, (b"cache-control", b"no-store"), b'{"status":"ok"}'),
        ("POST", 405, (b"allow", b"GET, HEAD"), b""),
    ],
)
def test_liveness_takes_no_turn_and_no_thread(
    method: str, status: int, field: tuple[bytes, bytes], answered: bytes
) -> None:
    async def act() -> tuple[int, list[Message]]:
        scene, sent = Scene(), list[Message]()

        async def keep(message: Message) -> None:
            sent.append(message)

        await scene.guard(_request(method, "/health", "203.0.113.7"), _nothing, keep)
        return scene.begun.total(), sent

    begun, (start, body) = asyncio.run(act())

    assert (begun, start["status"], body["body"]) == (0, status, answered)
    assert field in start["headers"]
