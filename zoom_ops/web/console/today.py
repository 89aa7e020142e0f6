"""The first page of the console: live webinars, next events, tasks for a person."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from ...operations.views.dashboard import load_dashboard
from ..dependencies import TheOperations, editor_of, keep_nowhere, operator_of
from ..rendering import render_text
from .frame import DRAFTS, home_of, make_router, show
from .live import follow

router = make_router(editor_of)


@router.get("/")
def show_today(request: Request, operations: TheOperations) -> Response:
    """Show the first page; authors are led to the drafts."""
    if home_of(request) == DRAFTS:
        return RedirectResponse(DRAFTS, 303)
    today = load_dashboard(operations.context, operations.jobs)
    return show(request, "today.html", {"today": today, "names": today.names})


@router.get("/stream", response_class=EventSourceResponse, dependencies=[Depends(operator_of), Depends(keep_nowhere)])
async def stream_today(request: Request, operations: TheOperations) -> AsyncIterator[ServerSentEvent]:
    """Send the content of the first page after each change."""

    def look() -> str:
        today = load_dashboard(operations.context, operations.jobs)
        return render_text(request, "console/_today.html", {"today": today, "names": today.names})

    async with aclosing(follow(request, look)) as news:
        async for event in news:
            yield event
