"""The answer of a process with pages at `/health`, which takes no turn, no thread and no place."""

from starlette.types import Message, Send

from ..security_headers import SECURITY_HEADERS
from .answers import ALIVE

_FIELDS = {"Content-Type": ALIVE.kind, "Content-Length": str(len(ALIVE.body)), "Cache-Control": "no-store"}
_HEADERS = [(name.lower().encode(), value.encode()) for name, value in (SECURITY_HEADERS | _FIELDS).items()]
ALIVE_AT_ONCE: tuple[Message, bytes] = (
    {"type": "http.response.start", "status": ALIVE.status, "headers": _HEADERS},
    ALIVE.body,
)
"""The beginning and the body."""


async def say_alive(send: Send) -> None:
    """Send it."""
    start, body = ALIVE_AT_ONCE
    await send(start)
    await send({"type": "http.response.body", "body": body})
