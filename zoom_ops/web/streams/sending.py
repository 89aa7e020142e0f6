"""A stream of server-sent events that says `changed`: one coroutine and a few kilobytes for each open page."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PING_S = 15  # between signs of life, by which proxies and browsers know an open stream, and the server a lost page
RETRY_MS = 3000
HANDED_OVER = "zoom_ops.handed_over"
"""The key in the scope of a list for streams that have begun: whoever puts it there goes on with them.

All that a request needs on its way to its endpoint takes 60 kB. It is free again before the stream goes on.
"""
_HEADERS = {"Cache-Control": "no-cache, private, no-store", "X-Accel-Buffering": "no"}  # for one reader, as it comes


class EventStream(Response):
    """Sends each version as a message `changed`, and None as a sign of life; ends with the versions or the client.

    FastAPI's own needs five tasks for each stream.
    """

    media_type = "text/event-stream"

    def __init__(
        self, versions: AsyncGenerator[str | None], *, numbered: bool = False, place: ExitStack | None = None
    ) -> None:
        """`numbered`: the browser sends the latest version when it connects again. `place` is closed at the end."""
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._versions, self._numbered, self.place = versions, numbered, place or ExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin the stream. Go on until it ends or the client has gone, unless it can be handed over."""
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": f"retry: {RETRY_MS}\n\n".encode(), "more_body": True})
        except BaseException:
            self.place.close()
            raise
        if HANDED_OVER in scope:
            scope[HANDED_OVER].append(self)
        else:
            await self.go_on(receive, send)

    async def go_on(self, receive: Receive, send: Send) -> None:
        """Send the stream until it ends or the client has gone."""
        sending = asyncio.current_task()
        gone = is_over = False

        async def wait_for_end() -> None:
            nonlocal gone
            while (await receive())["type"] != "http.disconnect":
                pass
            if sending and not is_over:
                gone = True
                sending.cancel()

        waiting = asyncio.create_task(wait_for_end())
        try:
            with self.place:
                await self._send(send)
        except asyncio.CancelledError:
            if not (gone and sending) or sending.uncancel():
                raise
        finally:
            is_over = True
            waiting.cancel()

    async def _send(self, send: Send) -> None:
        async with aclosing(self._versions) as versions:
            async for version in versions:
                await send({"type": "http.response.body", "body": self._render(version), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _render(self, version: str | None) -> bytes:
        if version is None:
            return b": ping\n\n"
        number = f"id: {version}\n" if self._numbered else ""
        return f"event: changed\ndata: {version}\n{number}\n".encode()


async def next_of(queue: "asyncio.Queue[str | None]") -> tuple[bool, str | None]:
    """Return whether something came before the next sign of life, and what."""
    try:
        async with asyncio.timeout(PING_S):
            return True, await queue.get()
    except TimeoutError:
        return False, None
