"""In a turn of the loop few requests begin, and those of who is known, or was here before, do not wait for a flood."""

import asyncio
from collections.abc import Callable
from typing import Any

from zoom_ops.web.edge.beginnings import Beginnings, Line
from zoom_ops.web.edge.door.limits import Limits
from zoom_ops.web.edge.door.room import Room
from zoom_ops.web.edge.guard import RequestGuard
from zoom_ops.web.edge.proxied import Senders
from zoom_ops.web.edge.server import _line_of
from zoom_ops.web.streams.places import StreamPlaces

SIGNED = b"POST /webhooks/zoom/main HTTP/1.1\r\nX-Zm-Signature: v0=\r\nX-Forwarded-For: %s\r\n\r\n"
PROXY, ZOOM = "192.0.2.1", "198.51.100.7"


class Loop(asyncio.AbstractEventLoop):
    """A loop whose time passes when the test says so."""

    def __init__(self) -> None:
        self.now, self.due = 0.0, list[Callable[..., None]]()

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Callable[..., None]) -> None:  # type: ignore[override]
        self.due.append(callback)

    def turn(self, took_s: float) -> None:
        """Make a turn that takes so long."""
        due, self.due = self.due, []
        for callback in due:
            callback()
        self.now += took_s


class Scene:
    """Requests of peers; a peer's name begins with its line."""

    def __init__(self) -> None:
        self.loop, self.begun = Loop(), list[str]()
        self._beginnings = Beginnings(self.loop, lambda peer, _came: _line(peer))

    def are_at_once(self, connections: int) -> bool:
        return self._beginnings.are_at_once(range(connections))

    def ask(self, *peers: str) -> list[bool]:
        return [
            self._beginnings.take(lambda peer=peer: self.begun.append(peer), peer, b"")  # type: ignore[misc]
            for peer in peers
        ]


def _line(peer: str) -> Line:
    lines: tuple[Line, ...] = ("first", "again", "new")
    return next(line for line in lines if peer.startswith(line))


def test_request_begins_at_once_among_few_connections_unless_others_wait() -> None:
    scene = Scene()

    among = [scene.are_at_once(connections) for connections in (10, 1_000)]
    scene.ask("new")

    assert (among, scene.are_at_once(10)) == ([True, False], False)


def test_request_begins_at_once_where_no_proxy_is_trusted() -> None:
    assert Beginnings(Loop()).are_at_once(range(1_000))


def test_known_and_returning_ones_do_not_wait_for_a_flood_of_others() -> None:
    scene = Scene()

    scene.ask(*(f"new {number}" for number in range(1_000)))
    go_first = scene.ask("again", "first")
    scene.loop.turn(0.01)

    assert go_first == [False, True]
    assert {"again", "first", "new 0"} <= set(scene.begun[:8])


def test_flood_of_known_ones_leaves_turns_to_others() -> None:
    scene = Scene()

    scene.ask(*(f"first {number}" for number in range(1_000)), "again", "new")
    scene.loop.turn(0.01)

    assert {"again", "new"} <= set(scene.begun[:8])


def test_flood_of_what_looks_like_notifications_goes_first_for_a_few_only_and_zoom_stays_before_it() -> None:
    async def ask() -> tuple[int, set[Line]]:
        room: Room[Any] = Room(Limits(), (PROXY,))
        room.trust(ZOOM)
        guard = RequestGuard(_nobody, (PROXY,), room.note, 4_000, StreamPlaces(), room)
        line_of = _line_of(room, guard, Senders((PROXY,)))
        forged = [line_of(PROXY, SIGNED % f"203.0.113.{number % 250}".encode()) for number in range(2_000)]
        return forged.count("first"), {line_of(PROXY, SIGNED % ZOOM.encode()) for _ in range(100)}

    go_first, zooms = asyncio.run(ask())

    assert 100 <= go_first < 1_000
    assert zooms == {"first"}


def test_long_turns_make_the_next_ones_shorter_and_all_begin_in_the_end() -> None:
    scene, sizes = Scene(), list[int]()
    scene.ask(*(f"new {number}" for number in range(1_000)))

    for took_s in (0.01, 0.01, 0.01, 0.03, 0.03, 0.5, 0.5):
        before = len(scene.begun)
        scene.loop.turn(took_s)
        sizes.append(len(scene.begun) - before)
    while scene.loop.due:
        scene.loop.turn(0.01)

    assert sizes[0] < sizes[1] < sizes[2] < sizes[3] > sizes[4] > sizes[5]
    assert scene.begun == [f"new {number}" for number in range(1_000)]


async def _nobody(_scope: Any, _receive: Any, _send: Any) -> None:
    """Answer nothing."""
