"""Take Zoom's notifications: the raw body, cut at its limit, handed over with what comes at the same moment."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from ..operations.notifications import Arrived, Intake
from .bodies import read_body
from .doors import Doors
from .gathering import Gathering

_MOST = 50  # at once: one that fails makes as many be taken again, each by itself

router = APIRouter()


def gather_notifications(doors: Doors) -> Gathering[Arrived, Intake]:
    """Hand notifications over in one thread: the threads and connections of the pages are theirs."""
    return Gathering(doors.take_notifications, _MOST)


@router.post("/webhooks/zoom/{account}")
async def take_notification(account: str, request: Request, body: Annotated[bytes, Depends(read_body)]) -> Response:
    """Hand a notification over, and answer what Zoom expects."""
    notifications: Gathering[Arrived, Intake] = request.app.state.notifications
    intake = await notifications.ask(Arrived(account=account, headers=request.headers, body=body))
    if intake.reply is not None:
        return JSONResponse(intake.reply, intake.status)
    return Response(status_code=intake.status)
