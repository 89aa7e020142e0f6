"""Endpoints of the plan: show, apply."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.reconcile.known import Shared
from ...operations.views.impact import MOST_PLANNED
from ...operations.views.plans.choices.applying import check_digest, request_plan
from ...operations.views.plans.choices.choice import PlanQuery
from ...operations.views.plans.choices.reading import MOST_EVENTS
from ...operations.views.plans.overview import overview_json
from ...operations.views.plans.plan import plan_choice
from ..reading_slots import APlanSlot, note_length
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .models.plans import Plan, PlanApplied
from .parameters import EventName
from .problems import what_is_asked

_MOST_SHOWN = 500  # of 2,000 the answer is 7 MB, and takes 60 while it is made
_EVENT = "Only these events."
_WITHOUT = "All but these events."
_KIND = "Only changes of this kind: webinar, panelists, recording, or an action such as CreateWebinar."
_ACCOUNT = "Only events of this Zoom account."
_HOST = "Only events whose webinar is on this host, or gets there."
_PROFILE = "Only events with this profile."
_SERIES = "Only events with these words in the name of their series."
_DAYS = "Only events that are not over and begin within so many days."
router = APIRouter(tags=["plan"])


class ApplyBody(RequestBody):
    """The plan to carry out, chosen as it was read."""

    digest: str = Field(max_length=100, description="The digest of the plan that you have looked at.")
    event: tuple[EventName, ...] = Field(default=(), max_length=MOST_EVENTS, description=_EVENT)
    without: tuple[EventName, ...] = Field(default=(), max_length=MOST_EVENTS, description=_WITHOUT)
    kind: str = Field(default="", max_length=40, description=_KIND)
    account: str = Field(default="", max_length=100, description=_ACCOUNT)
    host: str = Field(default="", max_length=320, description=_HOST)
    profile: str = Field(default="", max_length=100, description=_PROFILE)
    series: str = Field(default="", max_length=200, description=_SERIES)
    days: int | None = Field(default=None, ge=0, le=3_650, description=_DAYS)
    force: bool = Field(default=False, description="Also what the guard refuses as unsafe.")
    limit: int = Field(default=MOST_PLANNED, ge=1, le=_MOST_SHOWN, description="How many events, as in the plan.")


def _query(  # noqa: PLR0913  # each is a parameter of the request
    event: Annotated[tuple[EventName, ...], Query(max_length=MOST_EVENTS, description=_EVENT)] = (),
    without: Annotated[tuple[EventName, ...], Query(max_length=MOST_EVENTS, description=_WITHOUT)] = (),
    kind: Annotated[str, Query(max_length=40, description=_KIND)] = "",
    account: Annotated[str, Query(max_length=100, description=_ACCOUNT)] = "",
    host: Annotated[str, Query(max_length=320, description=_HOST)] = "",
    profile: Annotated[str, Query(max_length=100, description=_PROFILE)] = "",
    series: Annotated[str, Query(max_length=200, description=_SERIES)] = "",
    days: Annotated[int | None, Query(ge=0, le=3_650, description=_DAYS)] = None,
) -> PlanQuery:
    return PlanQuery(
        events=event,
        without=without,
        kind=kind,
        account=account,
        host=host,
        profile=profile,
        series=series,
        days=days,
    )


@router.get("/plan", responses=answers(200, 422, gives=Plan))
def get_plan(
    request: Request,
    caller: Annotated[Caller, needs(Scope.PLAN_READ)],
    query: Annotated[PlanQuery, Depends(_query)],
    slots: APlanSlot,
    force: Annotated[bool, Query(description="Also what the guard refuses as unsafe.")] = False,
    limit: Annotated[int, Query(ge=1, le=_MOST_SHOWN, description="How many events at most.")] = MOST_PLANNED,
) -> Response:
    """Show the changes that would be made outside, old → new, and what holds the rest up. Nothing is changed.

    The parameters choose a part of the plan; its digest is of this part alone. What one run does is chosen together.
    """
    jobs, shared = caller.operations.jobs.values(), Shared(while_asking=slots.lend)
    with what_is_asked():
        overview = plan_choice(caller.context, jobs, query, force=force, limit=limit, shared=shared)
        return note_length(request, JSONResponse(overview_json(overview)))


@router.post(
    "/plan/apply",
    status_code=202,
    responses=answers(202, 409, *BODY, gives=PlanApplied),
    openapi_extra=takes(ApplyBody),
)
def apply_plan(
    caller: Annotated[Caller, needs(Scope.PLAN_APPLY)],
    body: Annotated[ApplyBody, body_as(ApplyBody)],
    slots: APlanSlot,
) -> Response:
    """Carry out a plan, or answer 409 if it has changed since it was read; return its runs."""
    jobs, shared = caller.operations.jobs.values(), Shared(while_asking=slots.lend)
    query = _query(**body.model_dump(exclude={"digest", "force", "limit"}))
    with what_is_asked():
        overview = plan_choice(caller.context, jobs, query, force=body.force, limit=body.limit, shared=shared)
    check_digest(overview, body.digest)
    requested = request_plan(caller.context, jobs, overview, caller.by, force=body.force)
    caller.operations.wake()
    return JSONResponse(overview_json(overview) | {"runs": list(requested)}, 202)
