"""A whole answer is what uvicorn sends in parts, and goes out at once."""

import asyncio
from typing import Any

import pytest
from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.server import ServerState

from zoom_ops.web.edge.connection import Connection
from zoom_ops.web.edge.door.limits import Limits
from zoom_ops.web.edge.door.room import Room
from zoom_ops.web.edge.pace import Pace
from zoom_ops.web.kept.answer import WHOLE

FIELDS = [(b"etag", b'"a"'), (b"content-length", b"4")]
_EMPTY = {"status": 200, "headers": FIELDS, "body": b""}
REQUESTS = (
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
)


class Sent(asyncio.Transport):
    """Notes what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.pieces += [bytes(data)] if data else []

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def get_write_buffer_size(self) -> int:
        return 0


def _answering(*messages: dict[str, Any]) -> ASGIApp:
    """Build an application that sends these messages."""

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        assert WHOLE in scope["extensions"]
        for message in messages:
            await send(message)

    return app


async def _exchange(request: bytes, app: ASGIApp) -> Sent:
    """Send requests to a connection, and return what it sends."""
    config, loop, sent = Config(app, ws="none", log_config=None, access_log=False), asyncio.get_running_loop(), Sent()
    room: Room[Connection] = Room(Limits())
    state = ServerState()
    state.default_headers = [(b"date", b"today")]
    connection = Connection(config, state, loop, "192.0.2.1", room, Pace(loop))
    room.enter(connection, loop.time())
    connection.connection_made(sent)
    connection.data_received(request)
    while state.tasks:
        await asyncio.gather(*state.tasks)
    connection.connection_lost(None)
    return sent


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize(("status", "body"), [(200, b"tide"), (304, b"")])
def test_whole_answer_is_the_one_in_parts(request_: bytes, status: int, body: bytes) -> None:
    head = {"status": status, "headers": FIELDS if status == 200 else FIELDS[:1]}
    in_parts = _answering({"type": "http.response.start", **head}, {"type": "http.response.body", "body": body})
    at_once = _answering({"type": WHOLE, **head, "body": body})

    parts, whole = (asyncio.run(_exchange(request_, app)) for app in (in_parts, at_once))

    assert b"".join(whole.pieces) == b"".join(parts.pieces)
    assert whole.closed == parts.closed
    assert len(whole.pieces) == request_.count(b" / ")


def test_answer_does_not_begin_twice(caplog: pytest.LogCaptureFixture) -> None:
    begun = _answering({"type": "http.response.start", "status": 200, "headers": FIELDS}, {"type": WHOLE, **_EMPTY})

    sent = asyncio.run(_exchange(REQUESTS[0], begun))

    assert sent.closed
    assert len(sent.pieces) == 1
    assert "begun" in caplog.text
