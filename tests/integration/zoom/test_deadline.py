"""No call outlives its deadline, even when the other side drips for ever or sends nothing.

The other side never ends by itself here. A call that is not cut never returns, and pytest ends the test.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.builders import HOST, UUID, WEBINAR_ID, a_draft
from tests.zoom_stub import RawZoom, Reply, a_gateway, an_account, drips, says
from zoom_ops.errors import AmbiguousError, TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.zoom import Waits

WAITS = Waits(connect_s=9, read_s=9, deadline_s=2)  # each drop arrives within the read timeout
SHORT = Waits(connect_s=9, read_s=9, deadline_s=0.7)  # where nothing has to succeed before the deadline
LATE_S = 1.25  # the duration of each part of a call of two parts, which share a deadline of 2 s
A_WEBINAR = {"id": WEBINAR_ID, "uuid": UUID}
HEAD_DRIPS = drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x")
BODY_DRIPS = drips(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n", b" ")
CHUNKS_DRIP = drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")
ENDLESS_DRIPS = drips(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b" ")
STATUS_DRIPS = drips(b"HTTP/1.1 20", b"0")
DRIPS = {
    "head": HEAD_DRIPS,
    "body": BODY_DRIPS,
    "chunks": CHUNKS_DRIP,
    "endless": ENDLESS_DRIPS,
    "status": STATUS_DRIPS,
}

MakeZoom = Callable[[], RawZoom]


@pytest.fixture(params=["http", "https"])
def make_zoom(request: pytest.FixtureRequest, tls: ssl.SSLContext) -> MakeZoom:
    """A function that makes a Zoom that answers as the test orders, with and without TLS."""
    return lambda: RawZoom(tls=tls if request.param == "https" else None)


@pytest.fixture
def zoom(make_zoom: MakeZoom) -> Iterator[RawZoom]:
    """A Zoom that answers as the test orders, with and without TLS."""
    with make_zoom() as server:
        yield server


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_answer_that_drips_is_cut(make_zoom: MakeZoom, database: Database) -> None:
    """All ways to drip at once, each on a connection of its own: each call lasts until its deadline."""
    requests: dict[str, int] = {}

    def create(way: str, reply: Reply) -> None:
        with make_zoom() as zoom:
            gateway = a_gateway(an_account(zoom.url, name=way), database, waits=WAITS)
            zoom.answer(says(200, A_WEBINAR), reply)
            gateway.get_webinar(WEBINAR_ID)  # so that the pool supplies the connection that drips
            with pytest.raises(AmbiguousError):
                gateway.create_webinar(HOST, a_draft())
            requests[way] = len(zoom.requests)

    threads = [threading.Thread(target=create, args=drip, daemon=True) for drip in DRIPS.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert requests == dict.fromkeys(DRIPS, 2)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_token_that_drips_is_cut_and_nothing_was_sent(zoom: RawZoom, database: Database) -> None:
    gateway = a_gateway(an_account(zoom.url), database, waits=SHORT)
    zoom.token_replies.append(HEAD_DRIPS)

    with pytest.raises(TemporaryError):
        gateway.create_webinar(HOST, a_draft())

    assert zoom.requests == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_all_parts_of_a_call_share_one_deadline(zoom: RawZoom, database: Database) -> None:
    """With a deadline of its own each part would be in time, and the call would succeed."""
    gateway = a_gateway(an_account(zoom.url), database, waits=WAITS)
    expired = {"code": 124, "message": "Access token is expired."}
    zoom.answer(late(says(401, expired)), late(says(201, A_WEBINAR)))

    with pytest.raises(AmbiguousError):
        gateway.create_webinar(HOST, a_draft())


def late(reply: Reply) -> Reply:
    """Delay a reply by LATE_S."""

    def answer(connection: socket.socket) -> None:
        time.sleep(LATE_S)
        reply(connection)

    return answer


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_many_threads_are_each_cut_at_their_own_deadline(zoom: RawZoom, database: Database) -> None:
    gateway = a_gateway(an_account(zoom.url), database, waits=SHORT)
    zoom.answer(*[HEAD_DRIPS] * 6)
    cut: list[int] = []

    def ask() -> None:
        with pytest.raises(TemporaryError):
            gateway.get_webinar(WEBINAR_ID)
        cut.append(WEBINAR_ID)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()

    assert len(cut) == 6


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_handshake_that_hangs_is_cut(database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, RawZoom() as zoom:
        account = an_account(zoom.url, api_url=f"https://127.0.0.1:{mute.getsockname()[1]}/v2")
        gateway = a_gateway(account, database, waits=SHORT)

        with pytest.raises(TemporaryError):
            gateway.create_webinar(HOST, a_draft())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_connection_that_nobody_accepts_is_cut(database: Database) -> None:
    with socket.socket() as full, RawZoom() as zoom:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for waiting in crowd:  # fill the accept queue
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        account = an_account(zoom.url, api_url=f"http://127.0.0.1:{full.getsockname()[1]}/v2")
        gateway = a_gateway(account, database, waits=SHORT)

        with pytest.raises(TemporaryError):
            gateway.create_webinar(HOST, a_draft())
        for waiting in crowd:
            waiting.close()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_name_that_is_looked_up_for_ever_is_cut(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up, given_up = socket.getaddrinfo, threading.Event()

    def look_up_slowly(host: str, *rest: object) -> object:
        if host == "slow.example.org":
            given_up.wait()
        return look_up(host, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up_slowly)
    with RawZoom() as zoom:
        account = an_account(zoom.url, api_url="http://slow.example.org/v2")

        with pytest.raises(TemporaryError):
            a_gateway(account, database, waits=SHORT).create_webinar(HOST, a_draft())
    given_up.set()
