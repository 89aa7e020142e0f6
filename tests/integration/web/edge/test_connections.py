"""A server with few places, attacked over real connections: guests are served, and what attacks is counted."""

import asyncio
import errno
import os
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

import pytest
import uvicorn
from structlog.testing import capture_logs
from uvicorn.server import ServerState

from tests.builders import EVENT_ID, an_event
from tests.waiting import wait_until
from tests.web_site import Site, Visitor
from zoom_ops.operations.refusals import RefusalKind
from zoom_ops.store.db.connect import Database
from zoom_ops.web.edge.acceptor import Acceptor
from zoom_ops.web.edge.connection import AnswerAtOnce, answers_nothing
from zoom_ops.web.edge.door.limits import Limits
from zoom_ops.web.edge.door.room import Room
from zoom_ops.web.edge.server import WebServer, make_server
from zoom_ops.web.kept.at_once import Ready
from zoom_ops.web.streams.places import StreamLimits, StreamPlaces

HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
STREAM = f"GET /events/{EVENT_ID}/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
PLACES = 20
ATTACKER, OTHER = "127.0.0.66", "127.0.0.67"


class Attacked:
    """A served site, and connections from addresses of this machine."""

    def __init__(self, site: Site, server: WebServer, stack: ExitStack) -> None:
        self.site, self.server, self._stack = site, server, stack

    def send(self, sent: bytes, address: str = ATTACKER, timeout: float = 60) -> socket.socket:
        """Open a connection from an address, send something, and leave it open."""
        server = "127.0.0.1", self.server.port
        line = socket.create_connection(server, timeout=timeout, source_address=(address, 0))
        self._stack.enter_context(line)
        line.sendall(sent)
        return line

    def status(self, sent: bytes, address: str = ATTACKER) -> str:
        """Send a request; return the status of its answer, empty if the connection ends without."""
        try:
            return self.send(sent, address).recv(12).decode()[9:]
        except OSError:
            return ""

    def page_status(self) -> int:
        """Return the status that a guest gets for the event's page."""
        with Visitor(f"http://127.0.0.1:{self.server.port}") as guest:
            return guest.get(f"/events/{EVENT_ID}").status_code

    def refused(self, kind: RefusalKind, address: str = ATTACKER) -> int:
        """Return how often something was refused to an address since the last time."""
        return self.site.services.refusals.take()[kind, address]


@contextmanager
def attacked(database: Database, limits: Limits, streams: StreamLimits | None = None) -> Iterator[Attacked]:
    """Serve a site with limits during the block."""
    site = Site(database, streams=StreamPlaces(streams))
    site.save(an_event())
    server = make_server(site.app, "127.0.0.1", 0, limits=limits)
    server.start()
    try:
        with ExitStack() as stack:
            yield Attacked(site, server, stack)
    finally:
        server.stop()


@pytest.mark.parametrize("addresses", [1, 2 * PLACES])
def test_half_requests_give_way_to_guests(database: Database, addresses: int) -> None:
    with attacked(database, Limits(connections=PLACES)) as scene:
        halves = [scene.send(HALF, f"127.0.2.{1 + number % addresses}") for number in range(2 * PLACES)]
        statuses = [scene.page_status() for _ in range(PLACES)]

        assert statuses == [200] * PLACES
        assert _has_ended(halves[0])
        assert scene.refused("connection", "127.0.2.1") > 0


@pytest.mark.skipif(sys.platform != "linux", reason="a program at a socket is Linux's")
def test_network_that_is_turned_away_again_and_again_is_shut_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoom_ops.web.edge.acceptor._MANY", 3)
    with attacked(database, Limits(connections=PLACES, replaced=1)) as scene, capture_logs() as logs:
        wait_until(lambda: _is_shut_out(scene, logs), lambda: str(logs), every_s=0)
        statuses = [scene.page_status() for _ in range(PLACES)]

    assert statuses == [200] * PLACES
    assert [line["event"] for line in logs] == ["networks_shut_out"]


def test_page_of_a_network_that_is_to_blame_hears_that_no_stream_is_left_and_asks_by_itself(database: Database) -> None:
    with attacked(database, Limits(connections=PLACES), StreamLimits(most=0)) as scene:
        for _ in range(PLACES // 2):
            scene.send(HALF, OTHER)
        wait_until(lambda: scene.server._room.is_crowded, lambda: str(len(scene.server._room)))
        for _ in range(3):
            scene.server._room.note("header", ATTACKER)

        assert scene.status(STREAM) == "503"


def test_half_request_ends_in_time(database: Database) -> None:
    with attacked(database, Limits(head_s=0.1)) as scene:
        half = scene.send(HALF)

        assert _has_ended(half)
        assert scene.refused("header") == 1


TWO_ENDS = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000, "413"),
        (b"HEAD / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "413"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "200"),
        (b"GET /?q=" + b"a" * 4_096 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", "414"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 100 + b"\r\n", "431"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 90 + b"\r\n", "200"),
        (b'GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a="' + b"\\" * 501 + b'"\r\n\r\n', "431"),
        (b'GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a="' + b"\\" * 500 + b'"\r\n\r\n', "200"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A:\n" * 200 + b"\r\n", "400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"b" * 40_000, "400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"b" * 17_000 + b"\r\n\r\n", "400"),
        (b"\x16\x03\x01\x02\r\n\r\n", "400"),
        (TWO_ENDS, "400"),
    ],
    ids=[
        "body",
        "chunked",
        "no body",
        "long address",
        "fields",
        "few fields",
        "cookie",
        "odd cookie",
        "lines",
        "long",
        "long and whole",
        "other protocol",
        "two ends",
    ],
)
def test_strange_head_is_refused(database: Database, request_: bytes, status: str) -> None:
    with attacked(database, Limits()) as scene:
        assert scene.status(request_) == status
        assert scene.refused("header") == (status != "200")


def test_connection_that_sends_requests_behind_a_stream_ends(database: Database) -> None:
    with attacked(database, Limits()) as scene:
        try:
            line = scene.send(STREAM + b"GET / HTTP/1.1\r\n\r\n" * 2000)
        except OSError:  # it ended while it was sending
            return
        assert _has_ended(line)


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 600000\r\n\r\n" + b"x" * 600_000,
        b"Transfer-Encoding: chunked\r\n\r\n" + b"2;a=b\r\n{}\r\n" * 50_000 + b"0\r\n\r\n",
    ],
    ids=["whole", "a chunk for each word"],
)
def test_requests_sent_ahead_and_long_bodies_are_answered_although_they_take_turns(
    database: Database, body: bytes
) -> None:
    ahead = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100
    last = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head = b"POST /%b HTTP/1.1\r\nHost: localhost\r\n"
    paths = (b"webhooks/zoom/nobody", b"nothing")  # one body is read, one is thrown away
    with attacked(database, Limits()) as scene:
        lines = [scene.send(head % path + body + ahead + last) for path in paths]
        answers = [_read_all(line) for line in lines]

    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 204", b"HTTP/1.1 404"]
    assert [answer.count(b"HTTP/1.1 200 OK") for answer in answers] == [101, 101]


@pytest.mark.parametrize("size", [10_000, 41, 3])
def test_answers_keep_their_order_where_requests_wait_for_their_beginning(database: Database, size: int) -> None:
    page = f"/events/{EVENT_ID} HTTP/1.1\r\nHost: localhost\r\n"
    sent = (
        f"GET {page}\r\nHEAD /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
        "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nGET /"
        f"GET {page}If-None-Match: *\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    ).encode()
    with attacked(database, Limits()) as scene:
        scene.page_status()
        for _ in range(70):
            scene.send(HALF, OTHER)
        wait_until(lambda: len(scene.server._room) > 64, lambda: str(len(scene.server._room)))
        line = scene.send(b"")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(sent), size):
            line.sendall(sent[start : start + size])
        answer = _read_all(line)

    assert re.findall(rb"HTTP/1.1 (\d+) ", answer) == [b"200", b"404", b"404", b"304", b"200"]


def test_streams_have_a_number_for_each_address(database: Database) -> None:
    with attacked(database, Limits(), StreamLimits(each=2)) as scene:
        first, second = (scene.send(STREAM) for _ in range(2))
        wait_until(lambda: b"retry" in second.recv(1000), "a stream")
        refused = scene.send(STREAM)
        answer = refused.recv(1000).decode().lower()

        assert answer.startswith("http/1.1 503")
        assert "retry-after: 60" in answer
        assert scene.refused("stream") == 1
        assert scene.status(STREAM, OTHER) == "200"
        first.close()
        wait_until(lambda: scene.status(STREAM) == "200", "the place that was given back")


def test_accept_recovers_when_descriptors_are_free_again() -> None:
    async def play() -> tuple[bytes, int]:
        listener = Exhausted()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        acceptor = _acceptor(listener)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"GARBAGE\r\n\r\n")
        answer = await reader.read(12)
        acceptor.close()
        writer.close()
        listener.close()
        return answer, listener.failures

    with capture_logs() as logs:
        answer, failures = asyncio.run(play())

    assert (answer, failures) == (b"HTTP/1.1 400", 0)
    assert [(line["event"], line["reason"]) for line in logs] == [
        ("connections_not_accepted", os.strerror(errno.EMFILE))
    ]


class Exhausted(socket.socket):
    """A listener for which the process has no descriptor at first."""

    failures = 2

    def accept(self) -> tuple[socket.socket, object]:
        """Fail, or accept."""
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends what nobody takes")
@pytest.mark.parametrize(("limits", "requests"), [(Limits(stall_s=0.2), 1), (Limits(held=50_000), 150)])
def test_system_keeps_no_unread_answer_of_a_closed_connection(
    database: Database, limits: Limits, requests: int
) -> None:
    """The server closes after one answer, or ends the connection of who asks for too much, and does not read."""
    with attacked(database, limits) as scene, socket.socket() as line:
        port = scene.server.port
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_304)
        line.connect(("127.0.0.1", port))
        ends = f":{port:04X}", f":{line.getsockname()[1]:04X}"
        head = f"GET /events/{EVENT_ID} HTTP/1.1\r\nHost: localhost\r\n"
        with suppress(ConnectionError):
            for number in range(requests):
                line.sendall(f"{head}{'Connection: close' if number + 1 == requests else 'A: b'}\r\n\r\n".encode())
            line.recv(1, socket.MSG_PEEK)

        wait_until(lambda: not _states(*ends), lambda: str(_states(*ends)), patience_s=20)


def test_answer_that_the_system_does_not_take_at_once_goes_on_later() -> None:
    sent = bytes(range(256)) * 250

    async def ask() -> bytes:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
            acceptor = _acceptor(listener, lambda _came, _fields, _peer: Ready(sent, keeps=False))
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            came = await reader.read()
            writer.close()
            acceptor.close()
            return came

    assert asyncio.run(ask()) == sent


def _states(ours: str, theirs: str) -> list[str]:
    """List the states that the system has for a connection, by the ends of both addresses."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        lines = [line.split() for line in table]
    return [line[3] for line in lines if line[1].endswith(ours) and line[2].endswith(theirs)]


def _is_shut_out(scene: Attacked, logs: Sequence[object]) -> bool:
    """Send half a head; return whether the system took no connection, and the log says why."""
    try:
        scene.send(HALF, timeout=0.2)
    except TimeoutError:
        return bool(logs)
    except ConnectionError:
        pass
    return False


def _acceptor(listener: socket.socket, at_once: AnswerAtOnce = answers_nothing) -> Acceptor:
    config = uvicorn.Config(app=lambda: None, lifespan="off", log_config=None, ws="none")
    config.load()
    return Acceptor(listener, config, ServerState(), Room(Limits()), at_once=at_once)


def _has_ended(line: socket.socket) -> bool:
    """Return whether the server ends a connection; what it sent before does not matter."""
    try:
        while line.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def _read_all(line: socket.socket) -> bytes:
    """Read until the server ends the connection."""
    parts = list[bytes]()
    while part := line.recv(65_536):
        parts.append(part)
    return b"".join(parts)
