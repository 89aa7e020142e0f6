"""Take Zoom's notifications: the raw body, cut at its limit, handed over in a thread."""

from typing import Annotated

from anyio import CapacityLimiter, move_on_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from .doors import Doors
from .refusals import BodyTooLargeError
from .wiring import doors_of

BODY_LIMIT = 1_048_576
_THROWN_AWAY = 16 * BODY_LIMIT
_THROWN_AWAY_S = 1
_AT_ONCE = CapacityLimiter(8)  # the others queue here, and not in the threads and connections that the pages need

router = APIRouter()


async def read_body(request: Request) -> bytes:
    """Read the raw body; raise BodyTooLargeError once it is known to be over the limit, whatever was announced."""
    if _announced(request) > BODY_LIMIT:
        await _throw_away(request)
        raise BodyTooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            await _throw_away(request)
            raise BodyTooLargeError
    return bytes(body)


@router.post("/webhooks/zoom/{account}")
async def take_notification(
    account: str,
    request: Request,
    body: Annotated[bytes, Depends(read_body)],
    doors: Annotated[Doors, Depends(doors_of)],
) -> Response:
    """Hand a notification over, in one of a few threads, and answer what Zoom expects."""
    intake = await run_sync(doors.take_notification, account, request.headers, body, limiter=_AT_ONCE)
    if intake.reply is not None:
        return JSONResponse(intake.reply, intake.status)
    return Response(status_code=intake.status)


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0


async def _throw_away(request: Request) -> None:
    """Take some of what still comes: most senders read the answer only when they are done, and a reset overtakes it."""
    if "expect" in request.headers or _announced(request) > _THROWN_AWAY:
        return
    left = _THROWN_AWAY
    with move_on_after(_THROWN_AWAY_S):
        while left > 0:
            message = await request.receive()
            if not message.get("more_body"):
                return
            left -= len(message["body"])
