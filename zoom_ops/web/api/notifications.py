"""Endpoints of Zoom's notifications: list, show, replay."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.notifications.admin import replay
from ...operations.views.notifications.lists import NotificationQuery, list_notifications, notification_json
from ...operations.views.notifications.replays import describe_notification, plan_replay
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers, page_of
from .parameters import EventName, OwnName, PageSize, answer_page
from .problems import what_is_asked

_LARGEST = 2**63 - 1
router = APIRouter(tags=["notifications"])
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]
TheNotification = Annotated[int, Path(ge=1, le=_LARGEST, description="The notification's number.")]


class ReplayBody(RequestBody):
    """The options of a replay."""

    dry_run: bool = Field(default=False, description="Only return what it would do.")


@router.get("/notifications", responses=answers(200, 400, 422, gives=page_of("notifications")))
def list_all(  # noqa: PLR0913  # each is a parameter of the request
    request: Request,
    caller: Reading,
    account: Annotated[OwnName | None, Query(description="Only those of this account.")] = None,
    event: Annotated[EventName | None, Query(description="Only those of this event.")] = None,
    since: Annotated[str, Query(max_length=40, description="Only those received since then: 2h, 7d, 2027-01-31.")] = "",
    failed: Annotated[bool, Query(description="Only those that came to nothing.")] = False,
    before: Annotated[int | None, Query(ge=1, le=_LARGEST, description="Only those before this one.")] = None,
    per_page: PageSize = 50,
) -> Response:
    """List the notifications that Zoom sent, the newest first."""
    query = NotificationQuery(account=account or "", event=event or "", since=since, failed=failed)
    context = caller.context
    with what_is_asked():
        rows = list_notifications(context.database, query, context.gateways, before=before, limit=per_page + 1)
    shown = [notification_json(row) for row in rows[:per_page]]
    more = len(rows) > per_page
    return answer_page(request, "notifications", shown, more, before=shown[-1]["id"] if shown else None)


@router.get("/notifications/{number}", responses=answers(200, 400, 404))
def get_notification(number: TheNotification, caller: Reading) -> Response:
    """Show a notification with its body, in which whatever may be secret is hidden."""
    return JSONResponse(describe_notification(caller.context, number))


@router.post(
    "/notifications/{number}/replay",
    status_code=202,
    responses=answers(200, 202, 400, 404, *BODY),
    openapi_extra=takes(ReplayBody),
)
def ring_again(number: TheNotification, caller: Writing, body: Annotated[ReplayBody, body_as(ReplayBody)]) -> Response:
    """Ring the jobs of a notification once more; with `dry_run`, only return what that would do."""
    planned = plan_replay(caller.context, (number,), caller.operations.jobs)
    ((event_id, jobs),) = planned.rings
    answer = {"notification": number, "event": event_id, "rings": list(jobs), "effects": list(planned.impact.sentences)}
    if body.dry_run:
        return JSONResponse(answer)
    replay(caller.context, number, caller.by)
    caller.operations.wake()
    return JSONResponse(answer, 202)
