"""Streams of server-sent events that say `changed`: one coroutine and a few kilobytes for each open page."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from itertools import count
from typing import Any

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...errors import ZoomOpsError

PING_S = 15  # between signs of life, by which proxies and browsers know an open stream, and the server a lost page
RETRY_MS = 1000  # until a page that has lost its stream connects again, at least
RETRY_SPREAD_MS = 5000  # after a restart a thousand pages connect again, over this time
_BEGUN = "zoom_ops.stream"  # the key in the scope of a list for a stream that has begun, see `answer_in_steps`
_HEADERS = {"Cache-Control": "no-cache, private, no-store", "X-Accel-Buffering": "no"}  # for one reader, as it comes
_STEP_MS = 1009  # prime to the spread: streams that follow each other are far apart
_log = structlog.get_logger(__name__)
_numbers = count()


def _nothing() -> None:
    """Do nothing."""


def write_changed(version: str, *, numbered: bool = False, spread_ms: int = 0) -> bytes:
    """Write the message that there is another version.

    `numbered`: the browser sends the version when it connects again. `spread_ms`: over this time the pages that get the
    message ask for themselves; it is a second line of data.
    """
    lines = ["event: changed", f"data: {version}"]
    if spread_ms:
        lines.append(f"data: {spread_ms}")
    if numbered:
        lines.append(f"id: {version}")
    return "\n".join([*lines, "", ""]).encode()


class Line:
    """The line to one open page. To write never waits, so that a thousand hear of a change in one turn of the loop.

    What a client does not take now, since it does not read, is sent with a later sign of life, or replaced by what is
    newer. It is used in the thread of the loop.
    """

    __slots__ = ("_beat", "_loop", "_owed", "_send", "is_over")

    def __init__(self, send: Send) -> None:
        self._send, self._loop = send, asyncio.get_running_loop()
        self._owed: Message | None = None
        self.is_over = False
        self._beat = self._loop.call_later(PING_S, self._live)

    def write(self, message: bytes) -> None:
        """Send a message, unless the stream is over."""
        if not self.is_over:
            self._pass({"type": "http.response.body", "body": message, "more_body": True})

    def end(self) -> None:
        """End the stream. Idempotent."""
        if not self.is_over:
            self.is_over = True
            self._pass({"type": "http.response.body", "body": b""})

    def forget(self) -> None:
        """Send nothing any more: the client has gone."""
        self.is_over = True
        self._beat.cancel()

    def _live(self) -> None:
        self._beat = self._loop.call_later(PING_S, self._live)
        if self._owed:
            self._pass(self._owed)
        else:
            self.write(b": ping\n\n")

    def _pass(self, message: Message) -> None:
        self._owed = None if _ends_at_once(self._send(message)) else message


def _ends_at_once(sending: Any) -> bool:
    """Run a coroutine up to where it would wait; return whether it came to its end. Else it has done nothing."""
    coroutine: Coroutine[Any, Any, None] = sending
    try:
        coroutine.send(None)
    except StopIteration:
        return True
    coroutine.close()
    return False


Follow = Callable[[Line], AbstractAsyncContextManager[None]]
"""Lets a line hear of changes during a block."""


class EventStream(Response):
    """An answer that goes on until its line ends or the client has gone.

    FastAPI's own needs five tasks for each stream.
    """

    media_type = "text/event-stream"

    def __init__(self, follow: Follow, *, leave: Callable[[], None] = _nothing) -> None:
        """`leave` is called once, at the end."""
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._begun = Begun(follow, leave)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin the stream. Go on until it ends or the client has gone, unless it can be handed over."""
        retry_ms = RETRY_MS + next(_numbers) * _STEP_MS % RETRY_SPREAD_MS
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": f"retry: {retry_ms}\n\n".encode(), "more_body": True})
        except BaseException:
            self._begun.leave()
            raise
        if _BEGUN in scope:
            scope[_BEGUN].append(self._begun)
        else:
            await self._begun.go_on(receive, send)


class Begun:
    """A stream that has begun, without what its answer began with."""

    __slots__ = ("_follow", "leave")

    def __init__(self, follow: Follow, leave: Callable[[], None]) -> None:
        self._follow, self.leave = follow, leave

    async def go_on(self, receive: Receive, send: Send) -> None:
        """Let the page hear of changes until its line ends or the client has gone."""
        line = Line(send)
        try:
            following = self._follow(line)
            del self._follow  # it keeps what was asked for
            async with following:
                while (await receive())["type"] != "http.disconnect":  # so it says after the end, too
                    pass
        except ZoomOpsError as error:  # the page connects again by itself
            _log.warning("page_stream_ended", error=str(error))
            line.end()
        finally:
            line.forget()
            self.leave()


async def answer_in_steps(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, then go on with the stream that it began.

    All that a request needs on its way to its endpoint takes 60 kB. It is free again before the stream goes on.
    """
    known, begun = set(scope), list[Begun]()
    scope[_BEGUN] = begun
    try:
        await app(scope, receive, send)
    except BaseException:
        for stream in begun:
            stream.leave()
        raise
    _shrink(scope, known)
    del known  # a set of so many keys takes 700 bytes
    for stream in begun:
        await stream.go_on(receive, send)


def _shrink(scope: Scope, known: set[str]) -> None:
    """Leave only what was known; a table from which keys are taken out stays as large as it was."""
    left = {key: value for key, value in scope.items() if key in known}
    scope.clear()
    scope.update(left)
