"""Accept connections, a few in each turn of the loop, so that those who are in are served as well."""

import asyncio
import errno
import os
import socket
from contextlib import suppress

import structlog
from uvicorn import Config
from uvicorn.server import ServerState

from .connection import Connection
from .pace import Pace
from .room import Room
from .seldom import Seldom

_AT_ONCE = 128  # that come in; to turn one away costs little
_REPLACED = 32  # in a room that is full
_TURNS = 4  # of the loop, until the first bytes of a newcomer are read
_TURN_S = 0.02  # then those who are in are served
_REST_S = 0.2  # after an error, such as that no descriptor is free
_FREED = 32  # connections that give way then, so that newcomers, database and Zoom find some
_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_log = structlog.get_logger(__name__)


class Acceptor:
    """Accepts connections from its creation until `close`. It is used in the thread of the loop."""

    def __init__(self, listener: socket.socket, config: Config, state: ServerState, room: Room[Connection]) -> None:
        self._listener, self._config, self._state, self._room = listener, config, state, room
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(self._loop)
        self._tasks: set[asyncio.Task[object]] = set()
        self._failures = Seldom()
        listener.setblocking(False)
        self._open = True
        self._loop.add_reader(listener, self._accept)

    def close(self) -> None:
        """Accept no more. Idempotent."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._listener)

    def _accept(self) -> None:
        if self._accept_some() and self._room.is_full:
            self._loop.remove_reader(self._listener)
            self._look_at_them(_TURNS)

    def _look_at_them(self, turns: int) -> None:
        """Let the loop read what newcomers sent, before the next ones may replace them."""
        if turns:
            self._loop.call_soon(self._look_at_them, turns - 1)
        else:
            self._resume()

    def _accept_some(self) -> int:
        """Return how many came in."""
        began, taken = self._loop.time(), 0
        while taken < (_REPLACED if self._room.is_full else _AT_ONCE) and self._loop.time() - began < _TURN_S:
            try:
                accepted, address = self._listener.accept()
            except BlockingIOError:
                return taken
            except OSError as error:
                if error.errno in _PASSING:
                    self._rest(error)
                    return taken
                continue  # this client has gone
            taken += self._take(accepted, str(address[0]))
        return taken

    def _take(self, accepted: socket.socket, address: str) -> bool:
        """Let a connection come in, or turn it away; return whether it came in."""
        if not self._room.has_place(address, self._loop.time()):
            with accepted, suppress(OSError):
                accepted.send(_FULL)
            return False
        accepted.setblocking(False)
        connection = Connection(self._config, self._state, self._loop, address, self._room, self._pace)
        self._room.enter(connection, self._loop.time())
        task = self._loop.create_task(self._loop.connect_accepted_socket(lambda: connection, accepted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _rest(self, error: OSError) -> None:
        """Wait a moment, and let some connections give way."""
        for _ in range(_FREED):
            self._room.give_way(self._loop.time())
        if count := self._failures.count("accept", self._loop.time()):
            reason = os.strerror(error.errno or 0)
            _log.error("connections_not_accepted", reason=reason, times=count)
        self._loop.remove_reader(self._listener)
        self._loop.call_later(_REST_S, self._resume)

    def _resume(self) -> None:
        if self._open:
            self._loop.add_reader(self._listener, self._accept)
