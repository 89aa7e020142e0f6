"""Endpoints that decide who may find an event: publish, unlist, delete."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ....identity import Scope
from ....operations.events import publishing
from ....operations.events.editing import ANY, Revisions, find_revision
from ....operations.events.publishing import Published
from ....operations.events.serialize import describe_event_to
from ..callers import Caller, needs
from ..contents import RequestBody, body_as, takes
from ..description import BODY, answers
from ..models.events import EventDeleted, EventPublished
from ..parameters import EventId
from .tags import IfMatch, make_tag, revisions_in

router = APIRouter(tags=["events"])
Writing = Annotated[Caller, needs(Scope.EVENTS_WRITE)]
Drafting = Annotated[Caller, needs(Scope.EVENTS_WRITE, Scope.EVENTS_DRAFT)]


class PublishBody(RequestBody):
    """For whom to publish it."""

    unlisted: bool = Field(default=False, description="Only for whoever has its address; else on every list.")


class UnlistBody(RequestBody):
    """How far to take it back."""

    draft: bool = Field(default=False, description="Make it a draft again, if nothing of it went outside.")


@router.post(
    "/events/{event_id}/publish",
    responses=answers(200, 404, 409, 412, *BODY, gives=EventPublished),
    openapi_extra=takes(PublishBody),
)
def publish_event(
    event_id: EventId, caller: Writing, body: Annotated[PublishBody, body_as(PublishBody)], match: IfMatch = None
) -> Response:
    """Publish a draft, or put an unlisted event on the lists. 409 while its start, end, zone or name is in doubt."""
    known = _known(caller, event_id, match)
    return _answer(
        caller, publishing.publish_event(caller.context, event_id, caller.by, unlisted=body.unlisted, known=known)
    )


@router.post(
    "/events/{event_id}/unlist",
    responses=answers(200, 404, 409, 412, *BODY, gives=EventPublished),
    openapi_extra=takes(UnlistBody),
)
def unlist_event(
    event_id: EventId, caller: Writing, body: Annotated[UnlistBody, body_as(UnlistBody)], match: IfMatch = None
) -> Response:
    """Take an event off every list and feed. With `draft`, 409 for one of which something went outside."""
    known = _known(caller, event_id, match)
    return _answer(caller, publishing.unlist_event(caller.context, event_id, caller.by, draft=body.draft, known=known))


@router.delete("/events/{event_id}", responses=answers(200, 404, 409, 412, gives=EventDeleted))
def delete_event(event_id: EventId, caller: Drafting, match: IfMatch = None) -> Response:
    """Delete a draft, or an event of which nothing went outside. 409 for any other: cancel it instead."""
    publishing.delete_event(caller.context, event_id, caller.by, _known(caller, event_id, match))
    caller.operations.wake()
    return JSONResponse({"id": event_id, "deleted": True})


def _known(caller: Caller, event_id: str, match: str | None) -> Revisions:
    """Return the revisions that the caller has read. Raise NotFoundError for an unknown event."""
    find_revision(caller.context, event_id)
    return ANY if match is None else revisions_in(match)


def _answer(caller: Caller, published: Published) -> Response:
    caller.operations.wake()
    event_id = published.event.id
    revision = find_revision(caller.context, event_id)  # read first: no tag names a change that came after
    tag = make_tag(describe_event_to(caller.context, event_id, caller.reader), revision)
    content = {"id": event_id, "visibility": published.visibility, "sentence": published.sentence}
    return JSONResponse(content, headers={"ETag": tag, "Cache-Control": "no-store"})
