"""Refusals that cost least: an answer without a body, after which the connection ends."""

from http import HTTPStatus

from starlette.types import Send

Field = tuple[bytes, bytes]
_ENDS = ((b"content-length", b"0"), (b"connection", b"close"))


def retry_after(seconds: int) -> Field:
    """Build the field that says when to ask again."""
    return b"retry-after", b"%d" % seconds


async def refuse(send: Send, status: int, *more: Field) -> None:
    """Refuse a request with a status and more fields."""
    await send({"type": "http.response.start", "status": status, "headers": [*_ENDS, *more]})
    await send({"type": "http.response.body", "body": b""})


def write_refusal(status: HTTPStatus, *more: Field) -> bytes:
    """Write the same as it goes over the line, for what is refused before it is a request."""
    fields = b"".join(b"%s: %s\r\n" % field for field in (*_ENDS, *more))
    return b"HTTP/1.1 %d %s\r\n%s\r\n" % (status, status.phrase.encode(), fields)
