"""Endpoints of what an operator orders for a webinar: new invitations."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.events.orders import resending
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .models.events import InvitationsResent
from .parameters import EventId

router = APIRouter(tags=["events"])
Writing = Annotated[Caller, needs(Scope.EVENTS_WRITE)]


class ResendBody(RequestBody):
    """Whether to do it."""

    dry_run: bool = Field(default=False, description="Only say what it does.")


@router.post(
    "/events/{event_id}/resend",
    responses=answers(200, 404, 409, *BODY, gives=InvitationsResent),
    openapi_extra=takes(ResendBody),
)
def resend_invitations(
    event_id: EventId, caller: Writing, body: Annotated[ResendBody, body_as(ResendBody)]
) -> Response:
    """Send the panelists of an event new invitations: each is removed and added again. Return whom Zoom mails."""
    context = caller.context
    planned = (
        resending.plan_resend(context, event_id)
        if body.dry_run
        else resending.resend_invitations(context, event_id, caller.by)
    )
    caller.operations.wake()
    document = {"id": event_id, "ordered": not body.dry_run, "webinar": planned.webinar_id}
    return JSONResponse(document | {"panelists": list(planned.names), "effects": [planned.sentence]})
