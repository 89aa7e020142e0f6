"""A whole answer is what uvicorn sends in parts, and goes out at once."""

import asyncio
from typing import Any

import pytest
from starlette.types import ASGIApp

from tests.edge.exchange import exchange
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


def _answering(*messages: dict[str, Any]) -> ASGIApp:
    """Build an application that sends these messages."""

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        assert WHOLE in scope["extensions"]
        for message in messages:
            await send(message)

    return app


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize(("status", "body"), [(200, b"tide"), (304, b"")])
def test_whole_answer_is_the_one_in_parts(request_: bytes, status: int, body: bytes) -> None:
    head = {"status": status, "headers": FIELDS if status == 200 else FIELDS[:1]}
    in_parts = _answering({"type": "http.response.start", **head}, {"type": "http.response.body", "body": body})
    at_once = _answering({"type": WHOLE, **head, "body": body})

    parts, whole = (asyncio.run(exchange(request_, app=app)) for app in (in_parts, at_once))

    assert b"".join(whole.pieces) == b"".join(parts.pieces)
    assert whole.closed == parts.closed
    assert len(whole.pieces) == request_.count(b" / ")


def test_answer_does_not_begin_twice(caplog: pytest.LogCaptureFixture) -> None:
    begun = _answering({"type": "http.response.start", "status": 200, "headers": FIELDS}, {"type": WHOLE, **_EMPTY})

    sent = asyncio.run(exchange(REQUESTS[0], app=begun))

    assert sent.closed
    assert len(sent.pieces) == 1
    assert "begun" in caplog.text
