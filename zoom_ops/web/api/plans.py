"""Endpoints of the plan: show, apply."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.views.impact import MOST_PLANNED
from ...operations.views.plans import check_digest, overview_json, plan_events, request_plan
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .models.plans import Plan, PlanApplied
from .parameters import EventName
from .problems import what_is_asked

_MOST_EVENTS = 100
_MOST_SHOWN = 2_000
router = APIRouter(tags=["plan"])


class ApplyBody(RequestBody):
    """The plan to carry out."""

    digest: str = Field(description="The digest of the plan that you have looked at.")
    event: tuple[EventName, ...] = Field(
        default=(), max_length=_MOST_EVENTS, description="Only these events, as in the plan."
    )
    force: bool = Field(default=False, description="Also what the guard refuses as unsafe.")
    limit: int = Field(default=MOST_PLANNED, ge=1, le=_MOST_SHOWN, description="How many events, as in the plan.")


@router.get("/plan", responses=answers(200, 422, gives=Plan))
def get_plan(
    caller: Annotated[Caller, needs(Scope.PLAN_READ)],
    event: Annotated[tuple[EventName, ...], Query(max_length=_MOST_EVENTS, description="Only these events.")] = (),
    force: Annotated[bool, Query(description="Also what the guard refuses as unsafe.")] = False,
    limit: Annotated[int, Query(ge=1, le=_MOST_SHOWN, description="How many events at most.")] = MOST_PLANNED,
) -> Response:
    """Show the changes that would be made outside, old → new, and what holds the rest up. Nothing is changed."""
    with what_is_asked():
        return JSONResponse(overview_json(plan_events(caller.context, event, force=force, limit=limit)))


@router.post(
    "/plan/apply",
    status_code=202,
    responses=answers(202, 409, *BODY, gives=PlanApplied),
    openapi_extra=takes(ApplyBody),
)
def apply_plan(
    caller: Annotated[Caller, needs(Scope.PLAN_APPLY)], body: Annotated[ApplyBody, body_as(ApplyBody)]
) -> Response:
    """Carry out a plan, or answer 409 if it has changed since it was read; return its runs."""
    with what_is_asked():
        overview = plan_events(caller.context, body.event, force=body.force, limit=body.limit)
    check_digest(overview, body.digest)
    requested = request_plan(caller.context, caller.operations.jobs.values(), overview, caller.by, force=body.force)
    caller.operations.wake()
    return JSONResponse(overview_json(overview) | {"runs": list(requested)}, 202)
