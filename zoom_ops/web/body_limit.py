"""Read what a request brings along, up to a limit."""

from urllib.parse import parse_qsl

from anyio import move_on_after
from fastapi import Request
from starlette.datastructures import ImmutableMultiDict

from .errors import BadRequestError, BodyTooLargeError

BODY_LIMIT = 1_048_576
_THROWN_AWAY = 16 * BODY_LIMIT
_THROWN_AWAY_S = 1
_FORM = "application/x-www-form-urlencoded"
_FIELDS = 1_000

Form = ImmutableMultiDict[str, str]


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


async def read_form(request: Request) -> Form:
    """Read the fields of a form, as a browser sends them where no file is among them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read_body(request)
    if body and kind != _FORM:
        raise BadRequestError
    try:
        return Form(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError as error:
        raise BadRequestError from error


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
