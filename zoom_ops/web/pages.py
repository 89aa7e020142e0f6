"""The pages of an event, and the way to its recording."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from ..access import Reader, Shown, shown_json
from ..errors import NotFoundError
from .doors import Doors
from .feeds.head import head_of_event
from .language import Language
from .rendering import render, unless_known
from .streams import streams_of
from .view import view_event
from .wiring import check_slug, doors_of, language_of, read_number, reader_of

RETRY_MS = 3000
_READ = ["GET", "HEAD"]
_SECRET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

router = APIRouter()
TheDoors = Annotated[Doors, Depends(doors_of)]
TheReader = Annotated[Reader, Depends(reader_of)]
TheLanguage = Annotated[Language, Depends(language_of)]


def _shown(slug: Annotated[str, Depends(check_slug)], doors: TheDoors, reader: TheReader) -> Shown:
    return doors.programme.get(slug, reader)


TheEvent = Annotated[Shown, Depends(_shown)]


@router.api_route("/events/{slug}.json", methods=_READ)
def give_event(request: Request, shown: TheEvent) -> Response:
    """Give the Event JSON of what the reader may see."""
    return unless_known(request, JSONResponse(shown_json(shown)))


@router.api_route("/events/{slug}", methods=_READ)
def show_event(request: Request, shown: TheEvent, doors: TheDoors, language: TheLanguage) -> Response:
    """Show an event."""
    page = view_event(shown, doors.base_url, doors.clock.now(), language)
    return unless_known(request, render(request, "event.html", {"page": page, "head": head_of_event(doors, shown)}))


@router.api_route("/events/{slug}/recording", methods=_READ)
def open_recording(
    request: Request, shown: TheEvent, doors: TheDoors, reader: TheReader, part: str = "1", go: str = ""
) -> Response:
    """Lead to where a recording plays; a passcode that the address cannot carry is shown first."""
    number = read_number(part)
    link = doors.programme.get_recording_link(shown.event.id, reader, number)
    if not link.url.startswith(("https://", "http://")):
        raise NotFoundError("recording", shown.event.id)
    if link.passcode is None or go:
        return RedirectResponse(link.url, 303, _SECRET)
    values = {"event": shown.event, "passcode": link.passcode, "part": number}
    return render(request, "passcode.html", values, headers=_SECRET)


@router.get("/events/{slug}/stream", response_class=EventSourceResponse)
async def stream_changes(
    request: Request, shown: TheEvent, reader: TheReader, version: str = ""
) -> AsyncIterator[ServerSentEvent]:
    """Send `changed` when what the reader may see of the event is no longer the version that he has."""
    yield ServerSentEvent(retry=RETRY_MS)
    known = request.headers.get("last-event-id", version)
    async with aclosing(streams_of(request.app).follow(shown.event.id, reader, known)) as versions:
        async for news in versions:
            yield ServerSentEvent(event="changed", id=news, raw_data=news)
