"""The pages of an event, which keep up with what happens to it."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from ..access import shown_json
from .feeds.head import head_of_event
from .rendering import render, unless_known
from .streams import streams_of
from .view import view_event
from .wiring import TheEvent, doors_of, keep_nowhere, language_of, shown_of, who_of

RETRY_MS = 3000
_READ = ["GET", "HEAD"]

router = APIRouter()


@router.api_route("/events/{slug}.json", methods=_READ)
def give_event(request: Request, slug: str) -> Response:
    """Give the Event JSON of what the reader may see."""
    return unless_known(request, JSONResponse(shown_json(shown_of(request, slug))))


@router.api_route("/events/{slug}", methods=_READ)
def show_event(request: Request, slug: str) -> Response:
    """Show an event."""
    doors, shown = doors_of(request), shown_of(request, slug)
    page = view_event(shown, doors.base_url, doors.clock.now(), language_of(request))
    return unless_known(request, render(request, "event.html", {"page": page, "head": head_of_event(doors, shown)}))


@router.get("/events/{slug}/stream", response_class=EventSourceResponse, dependencies=[Depends(keep_nowhere)])
async def stream_changes(request: Request, shown: TheEvent, version: str = "") -> AsyncIterator[ServerSentEvent]:
    """Send `changed` when what the reader may see of the event is no longer the version that he has."""
    yield ServerSentEvent(retry=RETRY_MS)
    known = request.headers.get("last-event-id", version)
    who = who_of(request)
    session = who.session if who else None
    async with aclosing(streams_of(request.app).follow(shown.event.id, shown.reader, known, session)) as versions:
        async for news in versions:
            yield ServerSentEvent(event="changed", id=news, raw_data=news)
