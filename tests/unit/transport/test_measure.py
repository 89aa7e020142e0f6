"""Answers that are too long in other ways than by their bodies: they are given up at once, not at the deadline."""

from functools import partial

import pytest
import requests

from tests.zoom_stub import RawZoom, raw
from zoom_ops.clock import SystemClock
from zoom_ops.transport import LOST, Deadline, Transport, make_session, read_whole, reason_of

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def ask(answer: bytes) -> requests.Response:
    """Return an answer as it is read; raise AssertionError with the reason if it is not."""
    with RawZoom() as server, Deadline(60, SystemClock()) as deadline:
        server.answer(raw(answer))
        try:
            return make_session(Transport(partial(read_whole, limit=8_000_000))).get(server.url, timeout=60)
        except LOST as error:
            raise AssertionError(reason_of(error, deadline, 60)) from error


@pytest.mark.parametrize(
    "answer",
    [
        OK + (b"Set-Cookie: " + b"a=b; " * 12_000 + b"\r\n") * 90 + b"\r\n",
        OK + b"X: a\r\n" + (b" " + b"a" * 60_000 + b"\r\n") * 90 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000 + OK + b"\r\n",
        (b"HTTP/1.1 100 Continue\r\n" + b"X: y\r\n" * 90 + b"\r\n") * 1_000 + OK + b"\r\n",
        CHUNKED + b"1\r\n \r\n" * 200_000 + b"0\r\n\r\n",
    ],
    ids=["fields", "a folded field", "heads that announce", "long heads that announce", "parts of a byte"],
)
def test_answer_that_is_too_long_is_given_up(answer: bytes) -> None:
    with pytest.raises(AssertionError, match="its answer is longer than is read"):
        ask(answer)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20 + OK + b"Content-Length: 2\r\n\r\n{}", b"{}"),
        (OK + b"Set-Cookie: " + b"a" * 50_000 + b"\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (CHUNKED + b"1\r\n \r\n" * 50_000 + b"0\r\n\r\n", b" " * 50_000),
    ],
)
def test_answer_with_a_long_head_or_many_parts_is_read(answer: bytes, body: bytes) -> None:
    assert ask(answer).content == body
