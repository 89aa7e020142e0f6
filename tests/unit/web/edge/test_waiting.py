"""A request that waits for its beginning is weighed, bounded and ended as all others are, and loses nothing."""

import asyncio
import gc
import socket
import sys
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from types import FrameType

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from tests.edge.exchange import DATE, PEER, Sent
from zoom_ops.web.edge.beginnings import Line
from zoom_ops.web.edge.connection import AnswerAtOnce, Connection, answers_nothing
from zoom_ops.web.edge.door.limits import Limits
from zoom_ops.web.edge.door.room import Room
from zoom_ops.web.edge.pace import Pace
from zoom_ops.web.kept.at_once import Later, Ready

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
FEW = 63  # others: with so many a request waits for the next turn of the loop
MOST_STEPS = 40  # calls of Python functions
Asked = list[str]


class Scene:
    """A connection of a room with others, whose requests wait for a turn of the loop."""

    def __init__(
        self, limits: Limits, at_once: AnswerAtOnce = answers_nothing, line: Line | None = "new", others: int = FEW
    ) -> None:
        """`line`: None where no proxy is trusted, so that nothing waits."""
        self.loop, self.asked, self.refused = asyncio.get_running_loop(), Asked(), Asked()
        self.room: Room[Connection] = Room(limits, note=lambda kind, _address: self.refused.append(kind))
        self._pace = Pace(self.loop, (lambda _peer, _came: line) if line else None)
        self._state = ServerState()
        self._state.default_headers = [DATE]
        self._at_once = at_once
        self._config = Config(
            self._answer, interface="asgi3", proxy_headers=False, ws="none", log_config=None, access_log=False
        )
        for _ in range(others):
            self.connect()
        self.one, self.sent = self.connect()

    async def _answer(self, scope: object, _receive: object, send: Callable[..., object]) -> None:
        self.asked.append(scope["path"])  # type: ignore[index]
        fields: Sequence[tuple[bytes, bytes]] = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": fields})  # type: ignore[misc]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[misc]

    def connect(self) -> tuple[Connection, Sent]:
        """Add a connection."""
        sent = Sent()
        one = Connection(self._config, self._state, self.loop, PEER, self.room, self._pace, self._at_once)
        self.room.enter(one, self.loop.time())
        one.connection_made(sent)
        return one, sent

    async def settle(self) -> None:
        """Let the loop do what is due."""
        for _ in range(5):
            await asyncio.sleep(0)


def test_what_waits_is_held_in_the_room_and_goes_with_its_client() -> None:
    async def wait() -> tuple[int, int, int, Asked]:
        scene = Scene(Limits())
        scene.one.data_received(b"GET /" + b"a" * 9_995)
        scene.one.data_received(b"b" * 10_000)
        waiting, in_room = scene.one.held, scene.room._held
        scene.one.connection_lost(None)
        left = scene.one.held, scene.room._held
        await scene.settle()
        return waiting, in_room, sum(left), scene.asked

    assert asyncio.run(wait()) == (20_000, 20_000, 0, [])


def test_client_that_comes_and_goes_at_once_leaves_nothing_that_waits() -> None:
    async def wait() -> bool:
        scene = Scene(Limits())
        guest, _ = scene.connect()
        gone = weakref.ref(guest)
        guest.data_received(HEAD)
        guest.connection_lost(None)
        del guest
        gc.collect()
        return gone() is None

    assert asyncio.run(wait())


def test_connection_has_so_few_attributes_that_python_keeps_no_table_for_each() -> None:
    async def count() -> int:
        return len(vars(Scene(Limits(), others=0).one))

    assert asyncio.run(count()) <= 30


def test_those_that_hold_too_much_while_they_wait_have_to_go() -> None:
    async def wait() -> tuple[bool, int]:
        scene = Scene(Limits(held=50_000))
        for guest, _ in (scene.connect() for _ in range(10)):
            guest.data_received(b"GET / HTTP/1.1\r\nA: " + b"a" * 10_000)
        return scene.room._held <= 50_000, len(scene.refused)

    fits, refused = asyncio.run(wait())

    assert fits
    assert refused > 0


def test_request_that_came_at_the_end_of_a_pause_is_not_ended_while_it_waits() -> None:
    async def wait() -> tuple[bool, Asked]:
        scene = Scene(Limits(head_s=10, idle_s=20))
        scene.room.settle(scene.one, "idle", scene.loop.time() - 19.9)
        scene.one.data_received(HEAD)
        scene.room.sweep(scene.loop.time() + 15)
        await scene.settle()
        return scene.sent.closed, scene.asked

    assert asyncio.run(wait()) == (False, ["/"])


@pytest.mark.parametrize(("line", "gives_way"), [("first", False), ("new", True)])
def test_whole_request_that_waits_is_not_to_blame_and_gives_way_unless_it_goes_first(
    line: Line, gives_way: bool
) -> None:
    async def wait() -> tuple[str, bool]:
        scene = Scene(Limits(), line=line)
        for guest in tuple(scene.room._states):
            scene.room.settle(guest, "busy", scene.loop.time())
        scene.room.settle(scene.one, "idle", scene.loop.time())
        scene.one.data_received(HEAD[:20])
        half = scene.one._phase()
        scene.one.data_received(HEAD[20:])
        gave = scene.room.give_way(scene.loop.time() + 5)
        assert not scene.room._blames._weight_of(PEER)
        return half, gave

    assert asyncio.run(wait()) == ("head", gives_way)


@pytest.mark.parametrize("is_late", [False, True], ids=["turn", "database"])
def test_request_that_waits_when_the_server_stops_is_answered(is_late: bool) -> None:
    def ask_later(_came: bytes, _fields: object, _peer: str) -> Later:
        return Later(lambda _give: None)

    async def stop() -> tuple[Asked, bool, bool]:
        scene = Scene(Limits(), at_once=ask_later if is_late else answers_nothing)
        scene.one.data_received(HEAD)
        if is_late:
            await scene.settle()
        scene.one.shutdown()
        await scene.settle()
        return scene.asked, b"".join(scene.sent.pieces).startswith(b"HTTP/1.1 200"), scene.sent.closed

    assert asyncio.run(stop()) == (["/"], True, True)


@pytest.mark.parametrize("others", [0, FEW])
def test_who_waits_for_the_database_does_not_give_way(others: int) -> None:
    async def ask() -> str:
        scene = Scene(Limits(), at_once=lambda _came, _fields, _peer: Later(lambda _give: None), others=others)
        scene.one.data_received(HEAD)
        await scene.settle()
        return scene.room._states[scene.one].phase

    assert asyncio.run(ask()) == "busy"


@pytest.mark.parametrize("more", [b"", b"\r\n", HEAD], ids=["nothing", "line", "request"])
def test_what_comes_while_the_database_is_asked_is_not_lost(more: bytes) -> None:
    gives = list[Callable[[Ready | None], None]]()

    async def ask() -> bool:
        scene = Scene(Limits(), at_once=lambda _came, _fields, _peer: None if gives else Later(gives.append))
        scene.one.data_received(HEAD)
        await scene.settle()
        if more:
            scene.one.data_received(more)
        gives[0](Ready(b"kept", keeps=True))
        await scene.settle()
        return scene.sent.pieces == [b"kept"]

    assert asyncio.run(ask()) is not bool(more)


def test_request_that_fails_ends_its_connection_and_no_other_one() -> None:
    def fail_once(_came: bytes, _fields: object, _peer: str) -> None:
        if not failures:
            failures.append("failed")
            raise RuntimeError

    failures = list[str]()

    async def ask() -> tuple[bool, Asked]:
        scene = Scene(Limits(), at_once=fail_once)
        scene.loop.set_exception_handler(lambda _loop, _context: None)
        other, _ = scene.connect()
        scene.one.data_received(HEAD)
        other.data_received(HEAD)
        await scene.settle()
        return scene.sent.closed, scene.asked

    assert asyncio.run(ask()) == (True, ["/"])


def test_kept_answer_takes_few_steps_where_nothing_waits() -> None:
    steps = Counter[str]()

    def count(frame: FrameType, event: str, _given: object) -> None:
        if event == "call":
            steps[frame.f_code.co_qualname] += 1

    async def ask() -> list[bytes]:
        scene = Scene(Limits(), at_once=lambda _came, _fields, _peer: Ready(b"kept", keeps=True), line=None)
        sys.setprofile(count)
        try:
            scene.one.data_received(HEAD)
        finally:
            sys.setprofile(None)
        return scene.sent.pieces

    assert asyncio.run(ask()) == [b"kept"]
    assert steps.total() <= MOST_STEPS, steps


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has such a deadline")
@pytest.mark.parametrize(("connections", "latest_ms"), [(1_000, 30_000), (100, 5_000)])
def test_answer_that_the_system_has_may_pause_for_long_unless_there_is_a_crowd(
    connections: int, latest_ms: int
) -> None:
    async def end() -> int:
        scene = Scene(Limits(connections=connections))
        with socket.socket() as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
            scene.sent._extra["socket"] = line  # type: ignore[attr-defined]
            scene.one.end()
            return line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    assert asyncio.run(end()) == latest_ms
