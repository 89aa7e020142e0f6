"""Live parts of a page, sent as HTML whenever they change."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.sse import ServerSentEvent

from ..dependencies import operator_of

PAUSE_S = 1.0
_CHECK_EVERY = 30  # renderings between two checks that the reader is still an operator


async def follow(request: Request, look: Callable[[], str | None]) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield what `look` renders, now and after each change. End when it returns None or the client has gone."""
    latest: str | None = ""
    yield ServerSentEvent(retry=3000)
    for count in itertools.count():
        if count % _CHECK_EVERY == 0 and count:
            await run_sync(_check, request)
        rendered = await run_sync(look)
        if rendered is None:
            yield ServerSentEvent(event="ended", raw_data="ended")
            return
        if rendered != latest:
            yield ServerSentEvent(event="changed", raw_data=rendered)
            latest = rendered
        await asyncio.sleep(PAUSE_S)
        if await request.is_disconnected() or request.app.state.streams.closed:
            return


def _check(request: Request) -> None:
    """Raise SignInNeededError or NotAllowedError if the reader is no longer an operator."""
    if hasattr(request.state, "who"):
        del request.state.who
    operator_of(request)
