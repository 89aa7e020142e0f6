"""Take Zoom's notifications: the raw body, cut at its limit, handed over in a thread."""

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .bodies import read_body
from .wiring import doors_of

_AT_ONCE = CapacityLimiter(8)  # the others queue here, and not in the threads and connections that the pages need

router = APIRouter()


@router.route("/webhooks/zoom/{account}", methods=["POST"])  # Starlette's own: five hundred a second may come
async def take_notification(request: Request) -> Response:
    """Hand a notification over, in one of a few threads, and answer what Zoom expects."""
    body, doors = await read_body(request), doors_of(request)
    account = request.path_params["account"]
    intake = await run_sync(doors.take_notification, account, request.headers, body, limiter=_AT_ONCE)
    if intake.reply is not None:
        return JSONResponse(intake.reply, intake.status)
    return Response(status_code=intake.status)
