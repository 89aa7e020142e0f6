"""Requests that a proxy forwards: who asks is in their headers. All others go another way, which costs nothing."""

import re
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from .door.first_bytes import head_of
from .forwarded import HEADERS

FORWARDED = HEADERS | {b"x-forwarded-proto"}
"""All that uvicorn and we read."""

_LINES = re.compile(rb"\n(?i:x-forwarded-for)[ \t]*:([^\r\n]*)")


class Senders:
    """Tells who asks: the peer of a connection, or for whom a trusted proxy says that it asks."""

    def __init__(self, proxies: Sequence[str]) -> None:
        self.proxies = tuple(proxies)
        trusting = ProxyHeadersMiddleware(_nobody, list(proxies))  # type: ignore[arg-type]
        self._trusted = trusting.trusted_hosts if proxies else ()

    def find(self, peer: str, came: bytes) -> str:
        """Return the address of who sent the head of a request. It is what `Proxied` puts into the request."""
        if not self._trusted or peer not in self._trusted:
            return peer
        lines = _LINES.findall(head_of(came) or came)
        return self.named_by(peer, b", ".join(line.strip(b" \t") for line in lines)) or peer

    def named_by(self, peer: str, value: bytes) -> str:
        """Return whom a trusted proxy names in X-Forwarded-For; nothing if the peer is none, or names nobody."""
        if not value or not self._trusted or peer not in self._trusted:
            return ""
        host, _ = self._trusted.get_trusted_client_address(value.decode("latin-1"))
        return host


async def _nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answer nothing."""


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
