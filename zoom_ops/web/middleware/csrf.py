"""CSRF protection: reject cross-site writes."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ...linear import split_url
from ..errors import refuse
from ..signed_paths import SIGNED

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_API = "/api/"


class SameOriginOnly:
    """Middleware that accepts writes from our own pages only. It reads the headers that browsers add.

    A request without these headers does not come from a browser, so it cannot misuse a cookie.
    """

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app, self._own = app, _origin(base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] != "http" or self._may_pass(Request(scope)):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request.state.who = None  # a refused request causes no look-up of its session
        await refuse(request, 403)(scope, receive, send)

    def _may_pass(self, request: Request) -> bool:
        path = request.url.path
        if request.method in _SAFE or path.startswith(SIGNED):
            return True
        if path.startswith(_API) and "authorization" in request.headers:  # another site's page cannot send it
            return True
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site:
            return site in ("same-origin", "none")  # none: the reader typed the address or used a bookmark
        if origin is None:
            return True
        sender = _origin(origin)
        return sender is not None and (sender == self._own or sender[1] == request.headers.get("host", "").lower())


def _origin(address: str) -> tuple[str, str] | None:
    """Return scheme and host of an address; None if it has no host, as `null`."""
    try:
        parts = split_url(address.lower())
    except ValueError:
        return None
    return (parts.scheme, parts.netloc) if parts.netloc else None
