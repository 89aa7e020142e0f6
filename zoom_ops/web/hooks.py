"""Take Zoom's notifications: the raw body, cut at its limit, handed over in a thread."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from .doors import Doors
from .refusals import BodyTooLargeError
from .wiring import doors_of

BODY_LIMIT = 1_048_576

router = APIRouter()


async def read_body(request: Request) -> bytes:
    """Read the raw body; raise BodyTooLargeError as soon as it is known to be over the limit."""
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > BODY_LIMIT:
        raise BodyTooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise BodyTooLargeError
    return bytes(body)


@router.post("/webhooks/zoom/{account}")
def take_notification(
    account: str,
    request: Request,
    body: Annotated[bytes, Depends(read_body)],
    doors: Annotated[Doors, Depends(doors_of)],
) -> Response:
    """Hand a notification over and answer what Zoom expects."""
    intake = doors.take_notification(account, request.headers, body)
    if intake.reply is not None:
        return JSONResponse(intake.reply, intake.status)
    return Response(status_code=intake.status)
