"""Requests that a proxy forwards: who asks is in their headers. All others go another way, which costs nothing."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from ...clock import Clock
from ...store.db.connect import Database
from ..forwarded import HEADERS, ForwardedWatch

_HEADERS = HEADERS | {b"x-forwarded-proto"}  # all that uvicorn and we read


class Proxied:
    """Puts the client's address and scheme into what `proxies` forward, and notices what others forward.

    It stands in front of the kept pages: a proxy may ask for nothing else. Uvicorn alone would parse the address of
    each peer for each request.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str], database: Database, clock: Clock) -> None:
        watch = ForwardedWatch(app, database=database, clock=clock)
        self._app = app
        self._forwarded: ASGIApp = ProxyHeadersMiddleware(watch, list(proxies)) if proxies else watch  # type: ignore[assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        for name, _ in scope["headers"]:
            if name in _HEADERS:
                await self._forwarded(scope, receive, send)
                return
        await self._app(scope, receive, send)
