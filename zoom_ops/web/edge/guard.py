"""Refuse requests that no page and no program of ours sends, before anything is done for them."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from .room import Note

_FIELDS = 100  # of a head; browsers and proxies send 20
_NO_BODY = frozenset(("GET", "HEAD"))


class RequestGuard:
    """Refuse heads of many fields, and bodies where none belongs: they would be read for nothing."""

    def __init__(self, app: ASGIApp, note: Note) -> None:
        self._app, self._note = app, note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        status = refusal_of(scope["method"], scope["headers"]) if scope["type"] == "http" else None
        if status is None:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        self._note("header", client[0] if client else None)
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def refusal_of(method: str, headers: Sequence[tuple[bytes, bytes]]) -> int | None:
    """Return the status that refuses a request, None for one that is answered."""
    if len(headers) > _FIELDS:
        return 431
    if method in _NO_BODY and any(_tells_body(name, value) for name, value in headers):
        return 413
    return None


def _tells_body(name: bytes, value: bytes) -> bool:
    return name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0") != b"")
