"""Endpoints of alerts, problems, mutes, maintenance windows and targets."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.alerting import admin
from ...operations.views import alerts as views
from ...operations.views.problems import show_problems, show_windows
from ...operations.views.targets import show_targets
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .models.alerts import (
    AlertDismissed,
    AlertPage,
    OpenProblemPage,
    ProblemMuted,
    ProblemUnmuted,
    TargetPage,
    TargetTests,
    WindowAdded,
    WindowEnded,
    WindowPage,
)
from .once import once
from .parameters import ThePage, answer_rows
from .problems import what_is_asked

router = APIRouter(tags=["alerts"])
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]
TheAlert = Annotated[int, Path(ge=1, le=2**63 - 1, description="The alert's number.")]
TheWindow = Annotated[int, Path(ge=1, le=2**63 - 1, description="The window's number.")]
TheProblem = Annotated[
    str, Path(max_length=60, description="The problem's id, the beginning of it, or its kind if it is the only one.")
]
_MOST = 1_000  # alerts and problems
_NOTE = Field(max_length=500, description="Why, for everybody who sees it.")
_UNTIL = Field(default=None, max_length=40, description="Until when, such as 2027-01-31T22:00, in ALERT_ZONE.")
_LASTS = Field(default=None, max_length=10, description="For how long instead, such as 2h or 7d.")


class MuteBody(RequestBody):
    """Why a problem is told to nobody, and for how long."""

    note: str = _NOTE
    until: str | None = _UNTIL
    lasts: str | None = _LASTS


class WindowBody(RequestBody):
    """A maintenance window."""

    note: str = _NOTE
    begins: str | None = Field(default=None, max_length=40, description="From when, in ALERT_ZONE; else from now on.")
    until: str | None = _UNTIL
    lasts: str | None = _LASTS
    account: str | None = Field(default=None, max_length=100, description="Only problems of this account; else all.")


@router.get("/alerts", responses=answers(200, gives=AlertPage))
def list_alerts(
    caller: Reading, window: ThePage, over: Annotated[bool, Query(description="Also what is over.")] = False
) -> Response:
    """List the alerts that need an operator, the newest first, each with its problem and what silences it."""
    database = caller.context.database
    alerts = views.show_alerts(database, cleared=over, limit=_MOST)
    return answer_rows(window, "alerts", alerts, windows=show_windows(database))


@router.post("/alerts/{alert}/dismiss", responses=answers(200, 404, gives=AlertDismissed))
def dismiss_alert(alert: TheAlert, caller: Writing) -> Response:
    """Dismiss an alert; it comes back only if its cause appears again."""
    views.dismiss_alert(caller.context.database, alert, caller.by)
    return JSONResponse({"id": alert, "dismissed": True})


@router.get("/alerts/problems", responses=answers(200, gives=OpenProblemPage))
def list_problems(caller: Reading, window: ThePage) -> Response:
    """List the problems that last, the worst first: alerts with one cause are one problem."""
    return answer_rows(window, "problems", show_problems(caller.context.database, limit=_MOST))


@router.post(
    "/alerts/problems/{problem}/mute",
    responses=answers(200, 404, *BODY, gives=ProblemMuted),
    openapi_extra=takes(MuteBody),
)
def mute_problem(problem: TheProblem, caller: Writing, body: Annotated[MuteBody, body_as(MuteBody)]) -> Response:
    """Tell nobody of a problem any more; lists and pages still show it, with the note."""
    times = admin.Times(until=body.until, lasts=body.lasts, zone=caller.context.alerting.frame.hours.zone)
    return JSONResponse(admin.mute_problem(caller.context.database, problem, caller.by, times, note=body.note))


@router.post("/alerts/problems/{problem}/unmute", responses=answers(200, 404, gives=ProblemUnmuted))
def unmute_problem(problem: TheProblem, caller: Writing) -> Response:
    """Tell of a muted problem again."""
    return JSONResponse(admin.unmute_problem(caller.context.database, problem, caller.by))


@router.get("/alerts/windows", responses=answers(200, gives=WindowPage))
def list_windows(caller: Reading, window: ThePage) -> Response:
    """List the maintenance windows that last or are to come."""
    return answer_rows(window, "windows", show_windows(caller.context.database))


@router.post(
    "/alerts/windows",
    status_code=201,
    responses=answers(201, 409, *BODY, gives=WindowAdded),
    openapi_extra=takes(WindowBody),
)
@once
def add_window(caller: Writing, body: Annotated[WindowBody, body_as(WindowBody)]) -> Response:
    """Add a maintenance window: nobody is told of problems while it lasts, and of what still lasts when it ends."""
    zone = caller.context.alerting.frame.hours.zone
    times = admin.Times(begins=body.begins, until=body.until, lasts=body.lasts, zone=zone)
    with what_is_asked():
        account = admin.check_account(body.account, caller.context.gateways)
    window = admin.add_window(caller.context.database, caller.by, times, note=body.note, account=account)
    return JSONResponse(window, 201)


@router.post("/alerts/windows/{window}/end", responses=answers(200, 404, gives=WindowEnded))
def end_window(window: TheWindow, caller: Writing) -> Response:
    """End a maintenance window now, or cancel one to come."""
    return JSONResponse(admin.stop_window(caller.context.database, window, caller.by))


@router.get("/alerts/targets", responses=answers(200, gives=TargetPage))
def list_targets(caller: Reading, window: ThePage) -> Response:
    """List where operators are told, and the latest result of each; never the addresses."""
    return answer_rows(window, "targets", show_targets(caller.context))


@router.post("/alerts/test", responses=answers(200, gives=TargetTests))
def test_targets(caller: Writing) -> Response:
    """Send a test message to each target now; the request lasts until all have answered."""
    return JSONResponse({"targets": admin.try_targets(caller.context, caller.by)})
