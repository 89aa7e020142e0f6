"""Requests that a proxy forwards: who asks is in their headers. All others go another way, which costs nothing."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from .forwarded import HEADERS

FORWARDED = HEADERS | {b"x-forwarded-proto"}
"""All that uvicorn and we read."""


class Proxied:
    """Puts the client's address and scheme into what `proxies` forward, and sends it to an application of its own.

    It stands in front of the kept pages: a proxy may ask for nothing else. Uvicorn alone would parse the address of
    each peer for each request.
    """

    def __init__(self, app: ASGIApp, forwarded: ASGIApp, proxies: Sequence[str]) -> None:
        self._app, self._forwarded = app, forwarded
        if proxies:
            self._forwarded = ProxyHeadersMiddleware(forwarded, list(proxies))  # type: ignore[assignment, arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        for name, _ in scope["headers"]:
            if name in FORWARDED:
                await self._forwarded(scope, receive, send)
                return
        await self._app(scope, receive, send)
