"""Notice a proxy that is not named in TRUSTED_PROXIES: then everybody behind it has one address.

Only a peer in our own network is one. A stranger who sends the headers of a proxy forges them, and nothing is noted.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from ..clock import Clock
from ..errors import ZoomOpsError
from ..networks import is_in
from ..store.db.connect import Database
from ..store.forwarding import RENEWED_EVERY, note_trusted, note_untrusted

_HEADERS = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip"})
_OWN = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
    "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip
_MOST_PEERS = 5
_TRUSTED = ""  # in place of an address: the server has put the forwarded one in


class ForwardedWatch:
    """Looks at the headers of each request, and writes to the database a few times a day at most."""

    def __init__(self, app: Any, *, database: Database, clock: Clock) -> None:
        self._app, self._database, self._clock = app, database, clock
        self._noted: dict[str, float] = {}  # peer → when, in seconds since boot

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Look, and pass the request on."""
        if scope["type"] == "http" and any(name in _HEADERS for name, _ in scope["headers"]):
            host, port = scope.get("client") or ("", 0)
            self._look(_TRUSTED if not port or _is_said(scope["headers"], host) else host)
        await self._app(scope, receive, send)

    def _look(self, peer: str) -> None:
        now = self._clock.elapsed()
        if now - self._noted.get(peer, -RENEWED_EVERY.total_seconds()) < RENEWED_EVERY.total_seconds():
            return
        if peer and (len(self._noted) >= _MOST_PEERS or not is_in(peer, _OWN)):
            return
        self._noted[peer] = now
        asyncio.get_running_loop().run_in_executor(None, self._note, peer)

    def _note(self, peer: str) -> None:
        """Write it down; a database that does not answer is asked again with a later request of that peer."""
        try:
            with self._database.begin(durable=False, patience_s=1) as connection:
                now = self._database.now(connection)
                if peer:
                    note_untrusted(connection, peer, now)
                else:
                    note_trusted(connection, now)
        except ZoomOpsError:
            self._noted.pop(peer, None)


def _is_said(headers: Iterable[tuple[bytes, bytes]], host: str) -> bool:
    """Return whether the address is that of a header: the server believed it. Without a port in it, it gets port 0."""
    return any(name == b"x-forwarded-for" and host.encode() in value for name, value in headers)
