"""What an operator decides: approvals, and which webinar is an event's."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.events.decisions import adopt_webinar, approve_event
from ...operations.events.reviews import ToReview, list_to_review, release_recording, withhold_recording
from .callers import Caller, needs
from .contents import RequestBody, body_as, described_body
from .description import answers, beginning_of
from .names import EventId, EventName
from .problems import what_is_asked

router = APIRouter(tags=["approvals"])
Deciding = Annotated[Caller, needs(Scope.APPROVALS_WRITE)]


class AdoptBody(RequestBody):
    """Which webinar is the event's."""

    webinar: int = Field(ge=1, lt=2**63, description="The webinar's number at Zoom.")


class RecordingBody(RequestBody):
    """Which recording is meant."""

    recording: str = Field(max_length=100, pattern=r"^[!-~]+$", description="Its uuid.")


class ApprovalBody(RequestBody):
    """What is approved."""

    event: EventName = Field(description="The event.")
    fields: tuple[str, ...] = Field(default=(), max_length=100, description="Only these fields; else all.")


@router.get("/approvals", responses=answers(200, gives=beginning_of("approvals")))
def list_all(caller: Annotated[Caller, needs(Scope.EVENTS_READ_ALL, Scope.APPROVALS_WRITE)]) -> Response:
    """List events of which something waits for approval: notes, recordings with the field that lets them go."""
    queue = list_to_review(caller.context)
    return JSONResponse({"approvals": [_review_json(one) for one in queue.entries], "more": queue.cut})


@router.post(
    "/approvals",
    responses=answers(200, 400, 413, 415, 422),
    openapi_extra=described_body(ApprovalBody, required=True),
)
def approve(caller: Deciding, asked: Annotated[ApprovalBody, body_as(ApprovalBody)]) -> Response:
    """Approve what is doubtful about an event; tell which fields that were."""
    with what_is_asked():
        approved = approve_event(caller.context, asked.event, caller.by, asked.fields)
    caller.operations.wake()
    return JSONResponse({"event": asked.event, "approved": list(approved)})


@router.post(
    "/events/{event_id}/adopt",
    responses=answers(200, 400, 404, 409, 413, 415, 422),
    openapi_extra=described_body(AdoptBody, required=True),
)
def adopt(event_id: EventId, caller: Deciding, asked: Annotated[AdoptBody, body_as(AdoptBody)]) -> Response:
    """Bind an event to a webinar that exists already at Zoom."""
    adopt_webinar(caller.context, event_id, asked.webinar, caller.by)
    caller.operations.wake()
    return JSONResponse({"id": event_id, "webinar": asked.webinar})


@router.post(
    "/events/{event_id}/withhold",
    responses=answers(200, 400, 404, 413, 415, 422),
    openapi_extra=described_body(RecordingBody, required=True),
)
def withhold(event_id: EventId, caller: Deciding, asked: Annotated[RecordingBody, body_as(RecordingBody)]) -> Response:
    """Keep a recording back: it is taken from the event record, and not published until it is released."""
    withhold_recording(caller.context, event_id, asked.recording, caller.by)
    caller.operations.wake()
    return JSONResponse({"id": event_id, "recording": asked.recording, "withheld": True})


@router.post(
    "/events/{event_id}/release",
    responses=answers(200, 400, 404, 413, 415, 422),
    openapi_extra=described_body(RecordingBody, required=True),
)
def release(event_id: EventId, caller: Deciding, asked: Annotated[RecordingBody, body_as(RecordingBody)]) -> Response:
    """Let a recording go that was kept back: it is published as any other."""
    release_recording(caller.context, event_id, asked.recording, caller.by)
    caller.operations.wake()
    return JSONResponse({"id": event_id, "recording": asked.recording, "withheld": False})


def _review_json(one: ToReview) -> dict[str, Any]:
    document = one.event.to_json()
    kept = {name: document[name] for name in ("name", "start", "needs_review")}
    return {"event": one.event.id, **kept, "recordings": len(one.recordings), "approval": one.approval}
