"""The security headers of every answer, such as the Content Security Policy."""

from collections.abc import Iterable
from typing import Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..events import Event


def content_policy(framed_by: Iterable[str] = ()) -> str:
    """Build the Content-Security-Policy: a page loads from this site only; `framed_by` lists who may frame it."""
    ancestors = " ".join(framed_by) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    )


SECURITY_HEADERS = {
    "Content-Security-Policy": content_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


TRANSPORT = "Strict-Transport-Security"
_YEAR_S = 31_536_000


def transport_security(base_url: str, hsts: Literal["on", "subdomains", "off"]) -> str | None:
    """Build the value of Strict-Transport-Security; None where the site is not https, or does not want it."""
    if hsts == "off" or not base_url.startswith("https://"):
        return None
    return f"max-age={_YEAR_S}; includeSubDomains" if hsts == "subdomains" else f"max-age={_YEAR_S}"


SECRET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}  # leads to Zoom
PICTURE_ONLY = {"Content-Security-Policy": "default-src 'none'; sandbox"}  # for a picture that is opened as a page
_DEFAULTS = {**SECURITY_HEADERS, "Cache-Control": "private, no-store"}  # an endpoint that allows caching sets its own


def unindexed(event: Event) -> dict[str, str]:
    """Return the header that keeps an event out of search engines, unless it is listed."""
    return {} if event.visibility == "listed" else {"X-Robots-Tag": "noindex"}


class SecurityHeaders:
    """Middleware that adds the security headers and `no-store` if the answer does not set them itself.

    `transport`: the value of Strict-Transport-Security, if every answer has it.
    """

    def __init__(self, app: ASGIApp, transport: str | None = None) -> None:
        added = _DEFAULTS | ({TRANSPORT: transport} if transport else {})
        self._app, self._added = app, [(name.lower().encode(), value.encode()) for name, value in added.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                set_by_itself = {name for name, _ in headers}
                message["headers"] = headers + [pair for pair in self._added if pair[0] not in set_by_itself]
            await send(message)

        await self._app(scope, receive, send_with_headers)
