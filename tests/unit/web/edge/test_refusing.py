"""What is no request, and no part of a body, is refused once, and nothing fails."""

import asyncio
from typing import Any

import pytest

from tests.edge.exchange import exchange

HEAD = b"HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
NONE = b"x y\r\n\r\n"


@pytest.mark.parametrize(
    ("requests", "statuses"),
    [
        ((NONE,), [400]),
        ((HEAD + NONE,), [400]),
        ((POST + NONE,), [400]),  # before it is answered
        ((POST, NONE), [200]),  # behind its answer
        ((POST + b"0\r\n\r\n" + b"A:\n" * 300,), [200, 400]),  # behind a body without trailers
        ((POST + b"1;" + b"a" * 201 + b"\r\na\r\n",), [400]),
    ],
)
def test_what_is_no_http_is_refused_once(
    requests: tuple[bytes, ...], statuses: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    sent = asyncio.run(exchange(*requests, app=app))

    assert [int(answer[:3]) for answer in b"".join(sent.pieces).split(b"HTTP/1.1 ")[1:]] == statuses
    assert sent.closed
    assert "Traceback" not in caplog.text


def test_who_reads_a_body_that_is_none_learns_that_its_client_has_gone() -> None:
    messages: list[dict[str, Any]] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        while not messages or messages[-1]["type"] == "http.request":
            messages.append(await receive())

    sent = asyncio.run(exchange(POST + b"1\r\na\r\n" + NONE, app=app))

    assert messages[-1] == {"type": "http.disconnect"}
    assert b"".join(sent.pieces).startswith(b"HTTP/1.1 400 ")
