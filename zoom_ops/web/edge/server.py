"""The web server in a thread of the daemon; it stops without waiting for open pages."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial

import structlog
import uvicorn
from anyio import current_time
from fastapi import FastAPI

from ...errors import ZoomOpsError
from ...logs.seldom import SeldomFilter
from ...networks import counted_network
from ...store.identity.known_addresses import load_known_addresses
from ..kept.at_once import AtOnce
from ..listening import open_listener
from .acceptor import Acceptor
from .beginnings import Line, LineOf
from .connection import AnswerAtOnce, Connection
from .door.descriptors import allowed_connections
from .door.first_bytes import read_first
from .door.limits import Limits
from .door.per_second import PerSecond
from .door.room import Note, Room
from .forwarded import ForwardedWatch, HostWatch
from .guard import RequestGuard
from .hosts import HostGuard, known_hosts, parse_host
from .proxied import FORWARDED, Proxied, Senders

_STOP_S = 5  # seconds that requests in progress may take after stop()
_TICK_S = 1.0  # uvicorn itself ticks ten times a second, which costs an eighth of all that a process does at rest
_BACKLOG = 4096  # that the system holds until they are accepted; whoever finds no place tries again after seconds
_BUFFER = 65_536  # bytes that the system keeps of what a client sends, before anybody reads it
_UNSENT = 65_536  # bytes of an answer that the system takes before the client reads
_SIGNED = 100  # requests a second that look so, and go first from where nobody is known
_HOSTS = 16  # that readers ask for are remembered; a plain head is short
_SILENT_S = 1  # that the system keeps a connection to itself on which nothing was sent
_TCP_NOTSENT_LOWAT = getattr(socket, "TCP_NOTSENT_LOWAT", 25)
_log = structlog.get_logger(__name__)


class WebServer(uvicorn.Server):
    """A server that listens on its port from its creation, and serves in a thread of its own."""

    def __init__(
        self, app: FastAPI, listener: socket.socket, proxies: Sequence[str], limits: Limits, note: Note
    ) -> None:
        self._room: Room[Connection] = Room(limits, proxies, note)
        streams = app.state.services.streams
        room, kept = self._room, app.state.kept
        guard = RequestGuard(app, proxies, room.note, limits.connections, streams, room, kept)
        senders, watch = Senders(proxies), _watch_proxies(app, guard)
        line_of = _line_of(room, guard, senders) if proxies else None
        self._doors = guard.turns_away, _answer_at_once(app, guard, senders, watch), line_of
        super().__init__(
            uvicorn.Config(
                _watch_hosts(app, guard, watch, proxies, self._room.note),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_STOP_S,
                timeout_keep_alive=int(limits.idle_s),
                ws="none",
            )
        )
        for address in _known_addresses(app):
            room.trust(address)
        self._app, self._listener = app, listener
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        streams.fit(limits.connections)

    @property
    def port(self) -> int:
        """The port it listens on; the real one if 0 was configured."""
        port: int = self._listener.getsockname()[1]
        return port

    def start(self) -> None:
        """Serve until `stop()`, and return at once."""
        self._thread = threading.Thread(target=self.run, args=([self._listener],), name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Accept no more requests, wait for those in progress, close the port."""
        self.should_exit = True
        if self._loop:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread:
            self._thread.join()
        self._listener.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - it has its own
        """Begin to accept connections."""
        await self.lifespan.startup()
        self._acceptor = Acceptor(self._listener, self.config, self.server_state, self._room, *self._doors)
        self.servers = []
        self.started = True

    async def main_loop(self) -> None:
        """Each second, end the connections whose time is over and renew the date of answers, until `stop()`."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):  # to uvicorn 0 is a whole second
            self._room.sweep(self._loop.time())
            self._acceptor.renew()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more; close the open streams, which do not end by themselves; wait for those who are answered."""
        self._acceptor.close()
        self._app.state.streams.close()
        await super().shutdown(sockets)
        self._app.state.kept.close()


def make_server(
    app: FastAPI, host: str, port: int, *, proxies: Sequence[str] = (), limits: Limits | None = None
) -> WebServer:
    """Bind the port and make its server. Raise ConfigurationError if the port is not available.

    The server trusts the forwarded client addresses of `proxies` only.
    """
    limits = _fit(limits or Limits())
    listener = open_listener(host, port, _BACKLOG)
    _bound_buffers(listener, limits.stall_s)
    for name in ("uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        if not any(isinstance(known, SeldomFilter) for known in logger.filters):
            logger.addFilter(SeldomFilter())
        logger.setLevel(max(logger.getEffectiveLevel(), logging.DEBUG))  # else uvicorn writes a line for a connection
    return WebServer(app, listener, proxies, limits, app.state.services.refusals.note)


def _answer_at_once(app: FastAPI, guard: RequestGuard, senders: Senders, watch: ForwardedWatch) -> AnswerAtOnce:
    services = app.state.services
    hosts = known_hosts(services.base_url, services.allowed_hosts)

    @lru_cache(maxsize=_HOSTS)
    def is_ours(host: bytes) -> bool:
        return parse_host(host.decode("latin-1")) in hosts

    def named_by(peer: str, named: bytes) -> str:
        sender = senders.named_by(peer, named)
        if not sender or sender == peer:  # a proxy that names itself is rare
            return ""
        watch.note_trusted()
        return sender

    def meet(sender: str) -> Callable[[], None]:
        network = counted_network(sender, senders.proxies)
        was_here = guard.returning.note(network, current_time())
        return partial(guard.returning.forget, None if was_here else network)

    return AtOnce(app.state.kept, is_ours, FORWARDED, named_by, meet).answer


def _line_of(room: Room[Connection], guard: RequestGuard, senders: Senders) -> LineOf:
    """Return what tells the requests of known networks, and what looks like a notification of Zoom, from others.

    Anybody can write a signature that is wrong: of those that nobody knows so many a second go first.
    """
    signed = PerSecond(_SIGNED)

    def line_of(peer: str, came: bytes) -> Line:
        network = counted_network(senders.find(peer, came), senders.proxies)
        if room.knows(network):
            return "first"
        if read_first(came).is_signed and not signed.is_used_up(current_time()):
            signed.count()
            return "first"
        return "again" if guard.returning.knows(network) else "new"

    return line_of


def _watch_proxies(app: FastAPI, guard: RequestGuard) -> ForwardedWatch:
    services = app.state.services
    database, clock = services.identity.database, services.clock
    return ForwardedWatch(guard, passing=app.state.passing, database=database, clock=clock)


def _watch_hosts(
    app: FastAPI, guard: RequestGuard, watched: ForwardedWatch, proxies: Sequence[str], note: Note
) -> Proxied:
    """Put in front of the guard what looks at hosts, and at who forwards requests."""
    services, passing = app.state.services, app.state.passing
    clock, database = services.clock, services.identity.database
    hosts = known_hosts(services.base_url, services.allowed_hosts)
    watch = HostWatch(note, passing, database=database, clock=clock)
    plain, forwarded = (HostGuard(inner, hosts, watch.note, services.transport_security) for inner in (guard, watched))
    return Proxied(plain, forwarded, proxies)


def _bound_buffers(listener: socket.socket, stall_s: float) -> None:
    """Bound what the system keeps for a connection: it counts as this process's memory. Connections inherit it.

    An answer that nobody reads stays there after its connection was closed, else for minutes.
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does not; answers would wait 40 ms
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    with suppress(OSError):  # Linux and macOS only
        listener.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, _UNSENT)
    if timeout := getattr(socket, "TCP_USER_TIMEOUT", 0):  # Linux: milliseconds without a byte being taken
        listener.setsockopt(socket.IPPROTO_TCP, timeout, int(1000 * stall_s))
    if deferred := getattr(socket, "TCP_DEFER_ACCEPT", 0):  # Linux: newcomers have sent something, or wait so long
        listener.setsockopt(socket.IPPROTO_TCP, deferred, _SILENT_S)


def _fit(limits: Limits) -> Limits:
    """Raise the limit of open files; return limits that fit into it."""
    fitting, open_files = allowed_connections(limits.connections, apply=True)
    if fitting < limits.connections:
        _log.warning("connections_lowered", wanted=limits.connections, connections=fitting, open_files=open_files)
    return replace(limits, connections=fitting)


def _known_addresses(app: FastAPI) -> tuple[str, ...]:
    """Load from where people are signed in, and from where their provider told of sign-outs; the latest last."""
    identity = app.state.services.identity
    try:
        with identity.database.read() as connection:
            return load_known_addresses(connection, identity.clock.now(), identity.waits)
    except ZoomOpsError:  # a database that does not answer keeps nobody from starting: it is learned anew
        return ()
