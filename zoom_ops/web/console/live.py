"""Live parts of the console's pages, sent as server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, Callable

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.sse import ServerSentEvent

from ..dependencies import NotAllowedError, SignInNeededError, operator_of

_PAUSE_S = 1.0  # between two renderings of a live part


async def follow(request: Request, look: Callable[[], str]) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield what `look` renders, now and after each change.

    It ends when the client has gone, when the session has ended or is no operator's any more, or when the server stops.
    """
    latest = ""
    yield ServerSentEvent(retry=3000)
    while await run_sync(_still_operates, request):
        rendered = await run_sync(look)
        if rendered != latest:
            yield ServerSentEvent(event="changed", raw_data=rendered)
            latest = rendered
        await asyncio.sleep(_PAUSE_S)
        if await request.is_disconnected() or request.app.state.streams.closed:
            return


def _still_operates(request: Request) -> bool:
    del request.state.who  # so that the session is looked up again
    try:
        operator_of(request)
    except (SignInNeededError, NotAllowedError):
        return False
    return True
