"""The first page of the console: live webinars, next events, tasks for a person; and the news for all open pages."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...identity import Who
from ...operations.views.dashboard import load_dashboard
from ..dependencies import TheOperations, editor_of, operator_of
from ..streams.sending import EventStream
from .frame import DRAFTS, home_of, make_router, show
from .live import Changes

router = make_router(editor_of)


@router.get("/")
def show_today(request: Request, operations: TheOperations) -> Response:
    """Show the first page; authors are led to the drafts."""
    if home_of(request) == DRAFTS:
        return RedirectResponse(DRAFTS, 303)
    today = load_dashboard(operations.context, operations.jobs)
    return show(request, "today.html", {"today": today, "names": today.names})


async def _room(request: Request, who: Annotated[Who, Depends(operator_of)]) -> str:
    """Return the session of a page that may be told of changes. Raise TemporaryError if too many are open."""
    session = who.session or ""
    _changes(request).check_room(session)
    return session


@router.get("/stream", response_class=Response)
async def stream_changes(request: Request, session: Annotated[str, Depends(_room)]) -> EventStream:
    """Tell an open page of the console that something has changed."""
    return EventStream(partial(_changes(request).follow, session=session))


def _changes(request: Request) -> Changes:
    changes: Changes = request.app.state.changes
    return changes
