"""Take Zoom's notifications: the raw body, cut at its limit, handed over in a thread."""

from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from .bodies import read_body
from .wiring import TheDoors

_AT_ONCE = CapacityLimiter(8)  # the others queue here, and not in the threads and connections that the pages need

router = APIRouter()


@router.post("/webhooks/zoom/{account}")
async def take_notification(
    account: str, request: Request, body: Annotated[bytes, Depends(read_body)], doors: TheDoors
) -> Response:
    """Hand a notification over, in one of a few threads, and answer what Zoom expects."""
    intake = await run_sync(doors.take_notification, account, request.headers, body, limiter=_AT_ONCE)
    if intake.reply is not None:
        return JSONResponse(intake.reply, intake.status)
    return Response(status_code=intake.status)
