"""A total deadline for everything that one call does: looking up, connecting, sending, waiting, reading.

The time-outs of requests are per socket operation, so an answer that drips outlives them. Here a timer shuts down the
sockets that the call uses. Shutting down acts on the socket itself, whoever holds it: also during the TLS handshake, or
on a connection that was in the pool before.
"""

import queue
import socket
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar, Token
from threading import Lock, Thread, Timer
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family, create_connection

from ..clock import Clock

_current: ContextVar["Deadline"] = ContextVar("deadline")


class Deadline:
    """The end of one call of this thread; inside the block it holds for every `Watched` connection.

    It is counted from when the call began, which may be earlier than now: then less is left, or nothing.
    """

    def __init__(self, seconds: float, clock: Clock, began: float | None = None) -> None:
        self._seconds = seconds
        self._clock = clock
        self._ends = (clock.elapsed() if began is None else began) + seconds
        self._timer = Timer(max(0.0, self._ends - clock.elapsed()), self._expire)
        self._timer.daemon = True
        self._lock = Lock()
        self._levers: list[socket.socket] = []
        self.expired = False
        self.begin_request()

    def begin_request(self, gate: Callable[[], object] = lambda: None) -> None:
        """Begin a request: nothing of it has left; `gate` is what it waits for right before its first byte does."""
        self.gate = gate
        self.sent = False  # whether a byte of it may have left

    @property
    def seconds(self) -> float:
        """The seconds it allows in all."""
        return self._seconds

    @property
    def remaining(self) -> float:
        """The seconds that are left."""
        return 0 if self.expired else max(0, self._ends - self._clock.elapsed())

    def watch(self, sock: socket.socket) -> None:
        """Shut this socket down when the time is over."""
        lever = socket.fromfd(sock.fileno(), sock.family, sock.type)  # our own handle: TLS takes the other one away
        with self._lock:
            self._levers.append(lever)
            if self.expired:
                _shut_down(lever)

    def __enter__(self) -> Self:
        """Begin to count for this thread."""
        self._token: Token[Deadline] = _current.set(self)
        self._timer.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        """Let go of the sockets."""
        self._timer.cancel()
        _current.reset(self._token)
        with self._lock:
            for lever in self._levers:
                lever.close()
            self._levers.clear()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            for lever in self._levers:
                _shut_down(lever)


class Watched(HTTPConnection):
    """A connection that heeds the deadline of the call that uses it."""

    def request(self, *args: Any, **options: Any) -> None:
        """Send a request, connecting first, so that it is known whether any of it was sent."""
        if self.sock is None:
            self.connect()
        deadline = _current.get()
        if self.sock is None or not deadline.remaining:
            raise ConnectTimeoutError(self, "no time is left to send this")
        deadline.watch(self.sock)
        super().request(*args, **options)

    def send(self, data: Any) -> None:
        """Send bytes, unless no time is left: asked at the last moment, for this process may have been frozen."""
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
                if not deadline.remaining:
                    break
                try:
                    sock = self._connect_to(address, deadline.remaining)
                except OSError as error:
                    failure = error
                else:
                    deadline.watch(sock)
                    return sock
        except OSError as error:
            failure = error
        raise NewConnectionError(self, f"cannot connect: {failure}") from failure

    def _connect_to(self, address: str, remaining: float) -> socket.socket:
        timeout = min(self.timeout, remaining) if isinstance(self.timeout, int | float) else remaining
        return create_connection((address, self.port), timeout, self.source_address, self.socket_options)


class WatchedTLS(Watched, HTTPSConnection):
    """The same over TLS."""


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Find the addresses of a host; the system's look-up knows no time-out, so a thread of its own waits for it."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
            answers.put([str(row[4][0]) for row in rows])
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError("this is no host name"))

    Thread(target=ask, daemon=True, name="look-up").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("its address could not be looked up in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _shut_down(sock: socket.socket) -> None:
    with suppress(OSError):  # not connected yet, or no longer
        sock.shutdown(socket.SHUT_RDWR)
