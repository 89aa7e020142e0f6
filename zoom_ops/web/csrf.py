"""Refuse what another site has a reader's browser send: no page of theirs may act in his name."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import refuse

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_SIGNED = "/webhooks/"  # what comes here is signed, and no browser sends it
_API = "/api/"


class SameOriginOnly:
    """Middleware that lets a change be asked for by pages of ours only, as told by the headers that browsers add.

    Where a request has none of them it is not a browser's, and nobody's cookie is misused.
    """

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app, self._own = app, _origin(base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or self._may_pass(Request(scope)):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request.state.who = None  # nothing is looked up for it
        await refuse(request, 403)(scope, receive, send)

    def _may_pass(self, request: Request) -> bool:
        path = request.url.path
        if request.method in _SAFE or path.startswith(_SIGNED):
            return True
        if path.startswith(_API) and "authorization" in request.headers:  # which no other site's page can send along
            return True
        return self._is_ours(request)

    def _is_ours(self, request: Request) -> bool:
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site:
            return site in ("same-origin", "none")  # none: by the reader's own hand
        if origin is None:
            return True
        told = _origin(origin)
        return told is not None and (told == self._own or told[1] == request.headers.get("host", "").lower())


def _origin(address: str) -> tuple[str, str] | None:
    """Take scheme and place of an address; None where it has no place, as `null` has none."""
    try:
        parts = urlsplit(address.lower())
    except ValueError:
        return None
    return (parts.scheme, parts.netloc) if parts.netloc else None
