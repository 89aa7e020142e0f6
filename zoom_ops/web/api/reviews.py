"""Endpoints of operators' decisions: approve, adopt, withhold, release."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.events import decisions
from ...operations.views.reviews import list_reviews
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .models.approvals import Adopted, ApprovalPage, Approved, RecordingWithheld
from .parameters import EventId, EventName, ThePage, answer_rows
from .problems import what_is_asked

router = APIRouter(tags=["approvals"])
Deciding = Annotated[Caller, needs(Scope.APPROVALS_WRITE)]


class AdoptBody(RequestBody):
    """The webinar to adopt."""

    webinar: int = Field(ge=1, lt=2**63, description="The webinar's number at Zoom.")


class RecordingBody(RequestBody):
    """The recording to withhold or release."""

    recording: str = Field(max_length=100, pattern=r"^[!-~]+$", description="Its uuid.")


class ApprovalBody(RequestBody):
    """The fields to approve."""

    event: EventName = Field(description="The event.")
    fields: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        default=(), max_length=100, description="Only these fields; else all."
    )


@router.get("/approvals", responses=answers(200, gives=ApprovalPage))
def list_approvals(
    caller: Annotated[Caller, needs(Scope.EVENTS_READ_ALL, Scope.APPROVALS_WRITE)], window: ThePage
) -> Response:
    """List what waits for a decision: notes of events, recordings with the field that approves them, changed links."""
    approvals, more = list_reviews(caller.context)
    return answer_rows(window, "approvals", approvals, more=more)


@router.post("/approvals", responses=answers(200, *BODY, gives=Approved), openapi_extra=takes(ApprovalBody))
def approve_event(caller: Deciding, body: Annotated[ApprovalBody, body_as(ApprovalBody)]) -> Response:
    """Approve the doubtful fields of an event, and return their names."""
    with what_is_asked():
        approved = decisions.approve_event(caller.context, body.event, caller.by, body.fields).fields
    caller.operations.wake()
    return JSONResponse({"event": body.event, "approved": list(approved)})


@router.post(
    "/events/{event_id}/adopt",
    responses=answers(200, 404, 409, *BODY, gives=Adopted),
    openapi_extra=takes(AdoptBody),
)
def adopt_webinar(event_id: EventId, caller: Deciding, body: Annotated[AdoptBody, body_as(AdoptBody)]) -> Response:
    """Bind an event to an existing webinar at Zoom."""
    decisions.adopt_webinar(caller.context, event_id, body.webinar, caller.by)
    caller.operations.wake()
    return JSONResponse({"id": event_id, "webinar": body.webinar})


@router.post(
    "/events/{event_id}/withhold",
    responses=answers(200, 404, *BODY, gives=RecordingWithheld),
    openapi_extra=takes(RecordingBody),
)
def withhold_recording(
    event_id: EventId, caller: Deciding, body: Annotated[RecordingBody, body_as(RecordingBody)]
) -> Response:
    """Withhold a recording: take it from the event record, and do not publish it until it is released."""
    decisions.withhold_recording(caller.context, event_id, body.recording, caller.by)
    caller.operations.wake()
    return JSONResponse({"id": event_id, "recording": body.recording, "withheld": True})


@router.post(
    "/events/{event_id}/release",
    responses=answers(200, 404, *BODY, gives=RecordingWithheld),
    openapi_extra=takes(RecordingBody),
)
def release_recording(
    event_id: EventId, caller: Deciding, body: Annotated[RecordingBody, body_as(RecordingBody)]
) -> Response:
    """Release a withheld recording: it is published like any other."""
    decisions.release_recording(caller.context, event_id, body.recording, caller.by)
    caller.operations.wake()
    return JSONResponse({"id": event_id, "recording": body.recording, "withheld": False})
