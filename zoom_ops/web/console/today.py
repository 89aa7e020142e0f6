"""The first page: what is live, what comes next, what needs a person."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from ...operations.views.dashboard import load_dashboard
from ..dependencies import TheOperations, keep_nowhere
from ..rendering import render_text
from .frame import make_router, show
from .live import follow

router = make_router()


@router.get("/")
def show_today(request: Request, operations: TheOperations) -> Response:
    """Show what an operator sees first."""
    return show(request, "today.html", {"today": load_dashboard(operations.context, operations.jobs)})


@router.get("/stream", response_class=EventSourceResponse, dependencies=[Depends(keep_nowhere)])
async def stream_today(request: Request, operations: TheOperations) -> AsyncIterator[ServerSentEvent]:
    """Send the first page's content whenever it differs."""

    def look() -> str:
        return render_text(
            request, "console/_today.html", {"today": load_dashboard(operations.context, operations.jobs)}
        )

    async with aclosing(follow(request, look)) as news:
        async for one in news:
            yield one
