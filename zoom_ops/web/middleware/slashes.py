"""Lead from an address with a slash too many, or too few, to the one that there is."""

from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.routing import Match, Router
from starlette.types import Receive, Scope, Send


def redirect_within_host(router: Router) -> None:
    """Let a router redirect by the path alone. Starlette takes the host of the new address from the request."""
    router.redirect_slashes = False

    async def redirect(scope: Scope, receive: Receive, send: Send) -> None:
        other = _other_path(scope["path"])
        if scope["type"] != "http" or scope["path"] == "/" or not _leads(router, {**scope, "path": other}):
            await router.not_found(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        await RedirectResponse(f"{quote(other)}?{query}" if query else quote(other))(scope, receive, send)

    router.default = redirect


def _other_path(path: str) -> str:
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def _leads(router: Router, scope: Scope) -> bool:
    """Return whether there is an address. Two slashes at its beginning would make a host of what follows."""
    if scope["path"].startswith("//"):
        return False
    return any(route.matches(scope)[0] is not Match.NONE for route in router.routes)
