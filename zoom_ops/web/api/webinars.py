"""Endpoints of what an operator orders for a webinar: new invitations, another host."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.events.moving import move_host, plan_move
from ...operations.events.resending import plan_resend, resend_invitations
from ...operations.views.impact import impact_of_plan
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .parameters import EventId

router = APIRouter(tags=["events"])
Writing = Annotated[Caller, needs(Scope.EVENTS_WRITE)]
DryRun = Annotated[bool, Field(description="Only say what it would do.")]


class ResendBody(RequestBody):
    """Whether to do it."""

    dry_run: DryRun = False


class MoveBody(RequestBody):
    """The host to move to."""

    host: str = Field(min_length=3, max_length=320, description="The host's e-mail address.")
    dry_run: DryRun = False


@router.post("/events/{event_id}/resend", responses=answers(200, 400, 404, 409, *BODY), openapi_extra=takes(ResendBody))
def resend(event_id: EventId, caller: Writing, body: Annotated[ResendBody, body_as(ResendBody)]) -> Response:
    """Send the panelists of an event new invitations: each is removed and added again. Return whom Zoom mails."""
    context = caller.context
    planned = plan_resend(context, event_id) if body.dry_run else resend_invitations(context, event_id, caller.by)
    caller.operations.wake()
    document = {"id": event_id, "ordered": not body.dry_run, "webinar": planned.webinar_id}
    return JSONResponse(document | {"panelists": list(planned.names), "effects": [planned.sentence]})


@router.post(
    "/events/{event_id}/move-host", responses=answers(200, 400, 404, 409, *BODY), openapi_extra=takes(MoveBody)
)
def move(event_id: EventId, caller: Writing, body: Annotated[MoveBody, body_as(MoveBody)]) -> Response:
    """Give an event another host: a new webinar there, then the old one is deleted. Return what that does."""
    planned = plan_move(caller.context, event_id, body.host)
    effects = [*impact_of_plan(caller.context, planned.actions).sentences, *planned.notes]
    if not body.dry_run:
        move_host(caller.context, event_id, body.host, caller.by)
        caller.operations.wake()
    document = {"id": event_id, "ordered": not body.dry_run, "webinar": planned.webinar_id}
    return JSONResponse(document | {"from": planned.left, "to": planned.host, "effects": effects})
