"""Notice a proxy that is not named in TRUSTED_PROXIES, or does not pass on the host that readers ask for.

Then everybody behind it has one address, or gets 421. Only a peer in our own network is one. A stranger who sends the
headers of a proxy forges them, and nothing is noted.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from ...clock import Clock
from ...errors import ZoomOpsError
from ...networks import is_in
from ...operations.refusals import RefusalKind
from ...store.db.connect import Database
from ...store.forwarding import RENEWED_EVERY, note_misnamed, note_trusted, note_untrusted
from ..probes.answers import PATHS
from ..signed_paths import is_signed

HEADERS = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip"})
_OWN = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
    "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip
_MOST, _LONGEST = 5, 80  # notes, and characters of a host
_MOST_PEERS = 100
_DOUBTS_S = 60  # a proxy that passes the host on has shown it by then


class PassingProxies:
    """The proxies that pass the host on, by what came through each lately: our own, with the headers of a proxy.

    Then another host is what a stranger asked for. The trusted ones count as one, as their addresses are not known.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._passed: dict[str, float] = {}  # peer → when, in seconds since boot
        self._doubted: dict[str, float] = {}  # peer → since when another host is asked for

    def note(self, peer: str) -> None:
        """Note that one of our hosts was asked for through this peer."""
        if peer in self._passed or len(self._passed) < _MOST_PEERS:
            self._passed[peer] = self._clock.elapsed()

    def misnames(self, peer: str) -> bool:
        """Return whether this peer, through which another host is asked for, has passed on none of ours for a while."""
        now = self._clock.elapsed()
        if peer in self._passed and now - self._passed[peer] < RENEWED_EVERY.total_seconds():
            return False
        if peer not in self._doubted and len(self._doubted) >= _MOST_PEERS:
            return False
        return now - self._doubted.setdefault(peer, now) >= _DOUBTS_S


class ForwardedWatch:
    """Looks at the headers of requests, and writes to the database a few times a day at most."""

    def __init__(self, app: Any, *, passing: PassingProxies, database: Database, clock: Clock) -> None:
        self._app, self._passing, self._notes = app, passing, _Notes(database, clock)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Look, and pass the request on."""
        if _is_forwarded(scope["headers"]):
            peer, port = scope.get("client") or ("", 0)
            has_our_host = scope["path"] not in PATHS and not is_signed(scope["method"], scope["path"])
            if not port or _is_said(scope["headers"], peer):
                self.note_trusted(has_our_host)
            elif is_in(peer, _OWN):
                self._look_at(peer, partial(note_untrusted, address=peer), has_our_host)
        await self._app(scope, receive, send)

    def note_trusted(self, has_our_host: bool = True) -> None:
        """Note that a trusted proxy says for whom it asks, and perhaps for one of our hosts."""
        self._look_at("", note_trusted, has_our_host)

    def _look_at(self, proxy: str, note: Callable[..., None], has_our_host: bool) -> None:
        self._notes.write(proxy, note)
        if has_our_host:  # else any is answered
            self._passing.note(proxy)


class HostWatch:
    """Counts requests for other hosts, and notes under which inner names a proxy asks: it does not pass on Host."""

    def __init__(
        self,
        count: Callable[[RefusalKind, str | None], object],
        passing: PassingProxies,
        *,
        database: Database,
        clock: Clock,
    ) -> None:
        self._count, self._passing, self._notes = count, passing, _Notes(database, clock)

    def note(self, headers: Sequence[tuple[bytes, bytes]], host: str, address: str | None, is_refused: bool) -> None:
        """Look at a request for another host. It is called in the thread of the loop."""
        if is_refused:
            self._count("host", address)
        if not address or not _is_forwarded(headers) or len(host) > _LONGEST or not _is_inner(host):
            return
        is_trusted = _is_said(headers, address)
        if (is_trusted or is_in(address, _OWN)) and self._passing.misnames("" if is_trusted else address):
            self._notes.write(host, partial(note_misnamed, host=host))


class _Notes:
    """Writes a few notes to the database, each a few times a day at most."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._noted: dict[str, float] = {}  # name → when, in seconds since boot

    def write(self, name: str, note: Callable[..., None]) -> None:
        """Call `note` with a connection and the time, in another thread, unless it was written lately."""
        now = self._clock.elapsed()
        if now - self._noted.get(name, -RENEWED_EVERY.total_seconds()) < RENEWED_EVERY.total_seconds():
            return
        if name and len(self._noted) >= _MOST:
            return
        self._noted[name] = now
        asyncio.get_running_loop().run_in_executor(None, self._write, name, note)

    def _write(self, name: str, note: Callable[..., None]) -> None:
        """Write it down; a database that does not answer is asked again with a later request."""
        try:
            with self._database.begin(durable=False, patience_s=1) as connection:
                note(connection, now=self._database.now(connection))
        except ZoomOpsError:
            self._noted.pop(name, None)


def _is_forwarded(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name in HEADERS for name, _ in headers)


def _is_inner(host: str) -> bool:
    """Return whether a host is a name or an address inside a network. Strangers ask for any name on the web."""
    return bool(host) and ("." not in host or is_in(host, _OWN) or host.endswith((".local", ".internal")))


def _is_said(headers: Iterable[tuple[bytes, bytes]], host: str) -> bool:
    """Return whether the address is that of a header: the server believed it. Without a port in it, it gets port 0."""
    return any(name == b"x-forwarded-for" and host.encode() in value for name, value in headers)
