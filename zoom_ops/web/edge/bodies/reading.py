"""Read the body of a request, up to a limit."""

from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import ClientDisconnect

from ...errors import BadRequestError, BodyTooLargeError
from .incoming import expect_large

BODY_LIMIT = 1_048_576
FORM_LIMIT = 65_536
_FORM = "application/x-www-form-urlencoded"
_FIELDS = 1_000

Form = ImmutableMultiDict[str, str]


async def read_body(request: Request) -> bytes:
    """Return the raw body. Raise BodyTooLargeError if its Content-Length or its content is over the limit."""
    return await read_up_to(request, BODY_LIMIT)


async def read_up_to(request: Request, limit: int) -> bytes:
    """Return the raw body, as `read_body` does, with another limit.

    A larger one needs a sender who is known: an earlier dependency has refused everybody else.
    """
    if hasattr(request.state, "body"):  # another dependency has read it
        known: bytes = request.state.body
        return known
    announced = _announced(request)
    if announced > limit:
        raise BodyTooLargeError(limit)
    if limit > BODY_LIMIT:
        expect_large(request, announced or limit)
    coming = bytearray()  # one block: pieces and their sum would take twice the memory
    try:
        more = True
        while more:
            more = await _add_piece(request, coming)
            if len(coming) > limit:
                raise BodyTooLargeError(limit)
        content = request.state.body = bytes(coming)
    finally:
        coming.clear()  # else the traceback of an error keeps it
    return content


async def _add_piece(request: Request, coming: bytearray) -> bool:
    """Add what comes next of the body. Return whether there is more."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    coming += message.get("body", b"")
    return bool(message.get("more_body"))


async def read_form(request: Request) -> Form:
    """Return the fields of a URL-encoded form. Raise BadRequestError for any other content or a malformed form."""
    return await _read_fields(request, FORM_LIMIT)


async def read_long_form(request: Request) -> Form:
    """Return the fields of a form that holds a list, as `read_form` does. Its sender has to be known."""
    return await _read_fields(request, BODY_LIMIT)


async def _read_fields(request: Request, limit: int) -> Form:
    body = await read_up_to(request, limit)
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
