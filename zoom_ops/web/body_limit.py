"""Read the body of a request, up to a limit."""

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
    """Return the raw body. Raise BodyTooLargeError if its Content-Length or its content is over the limit."""
    return await read_up_to(request, BODY_LIMIT)


async def read_up_to(request: Request, limit: int) -> bytes:
    """Return the raw body, as `read_body` does, with another limit."""
    if hasattr(request.state, "body"):  # another dependency has read it
        known: bytes = request.state.body
        return known
    if _announced(request) > limit:
        await _throw_away(request)
        raise BodyTooLargeError(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            await _throw_away(request)
            raise BodyTooLargeError(limit)
    content = request.state.body = bytes(body)
    return content


async def read_form(request: Request) -> Form:
    """Return the fields of a URL-encoded form. Raise BadRequestError for any other content or a malformed form."""
    body = await read_body(request)
    if body and media_type_of(request) != _FORM:
        raise BadRequestError
    try:
        return Form(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError as error:
        raise BadRequestError from error


def media_type_of(request: Request) -> str:
    """Return the media type of the body, in lower case and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0


async def _throw_away(request: Request) -> None:
    """Read a part of the remaining body.

    Most clients read the answer only after they have sent the body. A connection reset would reach them before it.
    """
    if "expect" in request.headers or _announced(request) > _THROWN_AWAY:
        return
    left = _THROWN_AWAY
    with move_on_after(_THROWN_AWAY_S):
        while left > 0:
            message = await request.receive()
            if not message.get("more_body"):
                return
            left -= len(message["body"])
