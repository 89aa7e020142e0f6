"""Parts of a page that keep up with what happens: rendered again whenever they differ, sent as they are."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.sse import ServerSentEvent

from ..dependencies import operator_of

PAUSE_S = 1.0
_CHECK_EVERY = 30  # looks, until it is asked again whether the reader may still look


async def follow(request: Request, look: Callable[[], str | None]) -> AsyncGenerator[ServerSentEvent, None]:
    """Send what `look` renders, now and whenever it differs; end when it gives None."""
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
    """Raise if whoever looks has been signed out meanwhile."""
    if hasattr(request.state, "who"):
        del request.state.who
    operator_of(request)
