"""Live parts of the console's pages, sent as server-sent events."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.sse import ServerSentEvent

from ..dependencies import operator_of

_PAUSE_S = 1.0  # between two renderings of a live part
_CHECK_EVERY = 30  # renderings between two checks that the reader is still an operator


async def follow(request: Request, look: Callable[[], str]) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield what `look` renders, now and after each change, until the client has gone or the server stops."""
    latest = ""
    yield ServerSentEvent(retry=3000)
    for count in itertools.count():
        if count % _CHECK_EVERY == 0 and count:
            del request.state.who  # so that the session is looked up again
            await run_sync(operator_of, request)  # raises SignInNeededError or NotAllowedError
        rendered = await run_sync(look)
        if rendered != latest:
            yield ServerSentEvent(event="changed", raw_data=rendered)
            latest = rendered
        await asyncio.sleep(_PAUSE_S)
        if await request.is_disconnected() or request.app.state.streams.closed:
            return
