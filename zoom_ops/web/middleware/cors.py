"""CORS: let pages of other sites read what is public."""

import re
from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READ = ("GET", "HEAD")
_SENT = ("Authorization", "If-None-Match")  # a token of the caller's own; never the session of a reader
_READABLE = ("ETag", "Link", "Retry-After")
_PUBLIC = re.compile(
    r"/api/v1/(openapi\.json|events(/[^/]+)?)"  # of the API: what the scope events:read opens
    r"|/events/[^/]+\.(json|ics)|/series/[^/]+\.(ics|atom)|/recordings\.atom|/oembed"
)


class PublicCors:
    """Middleware that answers pages of the given origins for public addresses, and for reading only.

    A browser sends no cookie of this site along, and would show such an answer to no other page.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            _Varying(app),
            allow_origins=origins,
            allow_methods=_READ,
            allow_headers=_SENT,
            expose_headers=_READABLE,
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, through CORS if its address is public."""
        is_public = scope["type"] == "http" and _PUBLIC.fullmatch(scope["path"])
        await (self._shared if is_public else self._app)(scope, receive, send)


class _Varying:
    """Says in Vary that the answer depends on the origin, also where nobody asked from one: a cache may keep it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Origin")
            await send(message)

        await self._app(scope, receive, send_varying)
