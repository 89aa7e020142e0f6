"""The lines to open pages: none of them holds up the others."""

import asyncio
import sys
import weakref
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext
from typing import Any

import pytest
from starlette.types import Message

from zoom_ops.web.streams.sending import RETRY_MS, RETRY_SPREAD_MS, EventStream, Line, answer_in_steps, write_changed


class Reader:
    """A client that takes what it is sent, or waits."""

    def __init__(self) -> None:
        self.reads, self.taken = asyncio.Event(), list[tuple[bytes, bool]]()

    async def send(self, message: Mapping[str, Any]) -> None:
        await self.reads.wait()
        self.taken.append((message.get("body", b""), message.get("more_body", False)))


async def _gone() -> Message:
    return {"type": "http.disconnect"}


def run(about: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(about())


def test_message_names_the_version_and_the_spread_of_a_crowd() -> None:
    assert write_changed("abc") == b"event: changed\ndata: abc\n\n"
    assert write_changed("abc", numbered=True) == b"event: changed\ndata: abc\nid: abc\n\n"
    assert write_changed("abc", numbered=True, spread_ms=667) == b"event: changed\ndata: abc\ndata: 667\nid: abc\n\n"


def test_page_that_does_not_read_holds_nobody_up_and_gets_the_newest_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def about() -> None:
        reader = Reader()
        monkeypatch.setattr("zoom_ops.web.streams.sending.PING_S", 0)
        line = Line(reader.send)
        line.write(b"first")
        line.write(b"second")
        reader.reads.set()
        while not reader.taken:
            await asyncio.sleep(0)
        line.forget()

        assert reader.taken[0] == (b"second", True)

    run(about)


def test_line_that_has_ended_sends_nothing_more() -> None:
    async def about() -> None:
        reader = Reader()
        reader.reads.set()
        line = Line(reader.send)
        line.write(b"first")
        line.end()
        line.end()
        line.write(b"second")
        line.forget()

        assert reader.taken == [(b"first", True), (b"", False)]

    run(about)


def test_pages_that_lost_their_stream_at_once_come_back_one_after_another() -> None:
    async def about() -> None:
        waits = []
        for _ in range(100):
            reader = Reader()
            reader.reads.set()
            await EventStream(lambda _line: nullcontext())({"type": "http"}, _gone, reader.send)
            waits.append(int(reader.taken[-1][0].removeprefix(b"retry: ")))
        tenths = [sum(RETRY_MS + n * 500 <= wait < RETRY_MS + (n + 1) * 500 for wait in waits) for n in range(10)]

        assert RETRY_SPREAD_MS == 5000
        assert min(tenths) >= 8

    run(about)


@pytest.mark.parametrize("fails", [False, True])
def test_stream_gives_its_place_back_once_and_keeps_little_of_its_request(fails: bool) -> None:
    async def about() -> None:
        left, reader = list[bool](), Reader()
        reader.reads.set()
        stream = EventStream(lambda _line: nullcontext(), leave=lambda: left.append(gone() is None))
        gone = weakref.ref(stream)
        scope = {"type": "http", "path": "/"}

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope |= {f"of the request {number}": number for number in range(100)}
            nonlocal stream
            await stream(scope, receive, send)
            del stream
            if fails:
                raise ValueError("late")

        with pytest.raises(ValueError, match="late") if fails else nullcontext():
            await answer_in_steps(app, scope, _gone, reader.send)

        assert left == [True]
        assert fails or (scope == {"type": "http", "path": "/"} and sys.getsizeof(scope) < 400)

    run(about)
