"""Endpoints of Zoom's notifications: list, show, replay."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.notifications.admin import replay
from ...operations.views.notifications import lists
from ...operations.views.notifications.replays import describe_notification, plan_replay
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .models.notifications import NotificationDetail, NotificationPage, Replay
from .parameters import LARGEST, EventName, OwnName, ThePage, answer_newest
from .problems import what_is_asked

router = APIRouter(tags=["notifications"])
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]
TheNotification = Annotated[int, Path(ge=1, le=LARGEST, description="The notification's number.")]


class ReplayBody(RequestBody):
    """The options of a replay."""

    dry_run: bool = Field(default=False, description="Only return what it would do.")


@router.get("/notifications", responses=answers(200, 422, gives=NotificationPage))
def list_notifications(
    caller: Reading,
    window: ThePage,
    account: Annotated[OwnName | None, Query(description="Only those of this account.")] = None,
    event: Annotated[EventName | None, Query(description="Only those of this event.")] = None,
    since: Annotated[str, Query(max_length=40, description="Only those received since then: 2h, 7d, 2027-01-31.")] = "",
    failed: Annotated[bool, Query(description="Only those that came to nothing.")] = False,
) -> Response:
    """List the notifications that Zoom sent, the newest first."""
    query = lists.NotificationQuery(account=account or "", event=event or "", since=since, failed=failed)
    context, size = caller.context, window.per_page + 1
    with what_is_asked():
        rows = lists.list_notifications(context.database, query, context.gateways, before=window.cursor, limit=size)
    return answer_newest(window, "notifications", [lists.notification_json(row) for row in rows])


@router.get("/notifications/{number}", responses=answers(200, 404, gives=NotificationDetail))
def get_notification(number: TheNotification, caller: Reading) -> Response:
    """Show a notification with its body, in which whatever may be secret is hidden."""
    return JSONResponse(describe_notification(caller.context, number))


@router.post(
    "/notifications/{number}/replay",
    status_code=202,
    responses=answers(200, 202, 404, *BODY, gives=Replay),
    openapi_extra=takes(ReplayBody),
)
def replay_notification(
    number: TheNotification, caller: Writing, body: Annotated[ReplayBody, body_as(ReplayBody)]
) -> Response:
    """Ring the jobs of a notification once more; with `dry_run`, only return what that would do."""
    planned = plan_replay(caller.context, (number,), caller.operations.jobs)
    ((event_id, jobs),) = planned.rings
    answer = {"notification": number, "event": event_id, "rings": list(jobs), "effects": list(planned.impact.sentences)}
    if body.dry_run:
        return JSONResponse(answer)
    replay(caller.context, number, caller.by)
    caller.operations.wake()
    return JSONResponse(answer, 202)
