"""Endpoints of alerts."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.views.alerts import dismiss_alert, show_alerts
from .callers import Caller, needs
from .description import answers, list_of

router = APIRouter(tags=["alerts"])
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]
TheAlert = Annotated[int, Path(ge=1, le=2**63 - 1, description="The alert's number.")]


@router.get("/alerts", responses=answers(200, 400, gives=list_of("alerts")))
def list_all(
    caller: Reading,
    over: Annotated[bool, Query(description="Also what is over.")] = False,
    limit: Annotated[int, Query(ge=1, le=1_000, description="How many at most.")] = 50,
) -> Response:
    """List the alerts that need an operator, the newest first."""
    return JSONResponse({"alerts": show_alerts(caller.context.database, cleared=over, limit=limit)})


@router.post("/alerts/{alert}/dismiss", responses=answers(200, 400, 404))
def dismiss(alert: TheAlert, caller: Writing) -> Response:
    """Dismiss an alert; it comes back only if its cause appears again."""
    dismiss_alert(caller.context.database, alert, caller.by)
    return JSONResponse({"id": alert, "dismissed": True})
