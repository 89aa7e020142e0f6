"""A total deadline for one call: address look-up, connect, send, wait and read.

The time-outs of the library `requests` are per socket operation, so a slow trickle of bytes outlives them. Here a timer
shuts down the sockets that the call uses. Shutting down acts on the socket itself, so it also works during the TLS
handshake, and on a connection from the pool.
"""

import errno
import queue
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar, Token
from ipaddress import IPv6Address, ip_address
from threading import Lock, Thread, Timer
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family, create_connection

from ..clock import Clock
from .head import BoundedResponse

_DISCARD = struct.pack("ii", 1, 0)  # closing the socket throws away what was not acknowledged

_MOST_ADDRESSES = 10  # of a name; each is tried in turn

_current: ContextVar["Deadline"] = ContextVar("deadline")


class Deadline:
    """The deadline of one call of this thread, in seconds. Inside the block it applies to every `Watched` connection.

    It counts from `began`, by the clock's `elapsed`, else from now. `began` may be so early that no time is left.
    """

    def __init__(self, seconds: float, clock: Clock, began: float | None = None) -> None:
        self.seconds = seconds  # that the whole call may take
        self._clock = clock
        self._ends = (clock.elapsed() if began is None else began) + seconds
        self._timer = Timer(max(0.0, self._ends - clock.elapsed()), self._expire)
        self._timer.daemon = True
        self._lock = Lock()
        self._handles: list[socket.socket] = []
        self.expired = False
        self.begin_request()

    def begin_request(self, gate: Callable[[], object] = lambda: None) -> None:
        """Begin a request of the call. The request calls `gate` right before its first byte leaves."""
        self.gate = gate
        self.sent = False  # True as soon as a byte of the request may have left

    @property
    def remaining(self) -> float:
        """The seconds that are left."""
        return 0 if self.expired else max(0, self._ends - self._clock.elapsed())

    def watch(self, sock: socket.socket) -> None:
        """Shut this socket down when the deadline expires.

        The kernel gives bytes up that nobody acknowledges within the deadline, also if this process is killed.
        Otherwise it delivers them when the network comes back, long after another attempt has done the work.
        """
        handle = socket.fromfd(sock.fileno(), sock.family, sock.type)  # our own handle: TLS detaches the other one
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
            with suppress(OSError):
                handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, max(1, int(self.remaining * 1000)))
        with self._lock:
            self._handles.append(handle)
            if self.expired:
                _shut_down(handle)

    def __enter__(self) -> Self:
        """Apply the deadline to this thread."""
        self._token: Token[Deadline] = _current.set(self)
        self._timer.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        """Stop the timer and close our handles of the sockets."""
        self._timer.cancel()
        _current.reset(self._token)
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            for handle in self._handles:
                _shut_down(handle)


class Watched(HTTPConnection):
    """A connection that obeys the deadline of the call that uses it."""

    response_class = BoundedResponse

    def request(self, *args: Any, **options: Any) -> None:
        """Connect, then send a request: so a failure to connect is known to have sent nothing."""
        if self.sock is None:
            self.connect()
        deadline = _current.get()
        if self.sock is None or not deadline.remaining:
            raise ConnectTimeoutError(self, "no time is left to send this")
        deadline.watch(self.sock)
        super().request(*args, **options)

    def send(self, data: Any) -> None:
        """Send bytes. Checks the deadline at the last moment, because this process may have been frozen."""
        deadline = _current.get()
        if not deadline.sent:
            deadline.gate()
        if not deadline.remaining:
            raise ConnectTimeoutError(self, "no time is left to send this")
        deadline.sent = True
        super().send(data)

    def _new_conn(self) -> socket.socket:
        deadline = _current.get()
        failure: Exception = TimeoutError("no time is left to connect")
        try:
            for address in _look_up(self._dns_host, self.port, deadline.remaining):
                remaining = deadline.remaining
                if not remaining:
                    break
                timeout = min(self.timeout, remaining) if isinstance(self.timeout, int | float) else remaining
                try:
                    sock = create_connection((address, self.port), timeout, self.source_address, self.socket_options)
                except OSError as error:
                    failure = error
                else:
                    deadline.watch(sock)
                    return sock
        except OSError as error:
            failure = error
        raise NewConnectionError(self, f"cannot connect: {failure}") from failure


class WatchedTLS(Watched, HTTPSConnection):
    """A TLS connection that obeys the deadline."""


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Look up the addresses of a host, in a thread: the system's look-up has no time-out. Raises OSError.

    No name leads to an address of the local link: there clouds tell each machine its secrets (169.254.169.254).
    """
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
            found = [str(row[4][0]) for row in rows]
            answers.put([address for address in found if address == host or not _is_link_local(address)])
        except (OSError, ValueError) as error:
            answers.put(error if isinstance(error, OSError) else OSError("this is no host name"))

    Thread(target=ask, daemon=True, name="look-up").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("its address could not be looked up in time") from None
    if isinstance(answer, OSError):
        raise answer
    if not answer:
        raise OSError(errno.EHOSTUNREACH, "its name leads to an address of the local link")
    return answer[:_MOST_ADDRESSES]


def _is_link_local(address: str) -> bool:
    parsed = ip_address(address)
    return ((isinstance(parsed, IPv6Address) and parsed.ipv4_mapped) or parsed).is_link_local


def _shut_down(sock: socket.socket) -> None:
    with suppress(OSError):  # it may not be connected yet, or no longer
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DISCARD)
        sock.shutdown(socket.SHUT_RDWR)
