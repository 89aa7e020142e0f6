"""Accept connections, a few in each turn of the loop, so that those who are in are served as well."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

import structlog
from uvicorn import Config
from uvicorn.server import ServerState

from ...logs.seldom import Seldom
from ...operations.refusals import RefusalKind
from ..kept.at_once import Later, Ready
from .beginnings import LineOf
from .connection import AnswerAtOnce, Connection, answers_nothing
from .door.first_bytes import UNSEEN, FirstBytes, look_at, receive, send
from .door.parting import part_soon
from .door.per_second import PerSecond
from .door.room import Room
from .door.shut_out import ShutOut
from .heads import has_many_lines
from .pace import Pace
from .refusing import retry_after, write_refusal

_AT_ONCE = 128  # that come in; to turn one away costs little
_REPLACED = 32  # in a room that is full
_CALM = 8  # times as many that wait as came in: then newcomers are looked at before their turn to give way
_TURNS = 4  # of the loop, until the first bytes of a newcomer are read
_TURN_S = 0.02  # then those who are in are served
_CROWDED_TURN_S = 0.05  # that most of them are turned away in
_REST_S = 0.2  # after an error, such as that no descriptor is free
_FREED = 32  # connections that give way then, so that newcomers, database and Zoom find some
_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_FULL, _BAD = write_refusal(HTTPStatus.SERVICE_UNAVAILABLE, retry_after(30)), write_refusal(HTTPStatus.BAD_REQUEST)
_SENT_AT_ONCE = 65_536  # bytes of an answer; the room knows of longer ones before they are made
_MANY = 200  # in a second, that are turned away: then it takes less to let the system do it
TurnsAway = Callable[[FirstBytes, str, float, bool], RefusalKind | None]
_log = structlog.get_logger(__name__)


class Acceptor:
    """Accepts connections from its creation until `close`. It is used in the thread of the loop."""

    def __init__(
        self,
        listener: socket.socket,
        config: Config,
        state: ServerState,
        room: Room[Connection],
        turns_away: TurnsAway = lambda _first, _address, _now, _crowded: None,
        at_once: AnswerAtOnce = answers_nothing,
        line_of: LineOf | None = None,
    ) -> None:
        """`turns_away`: what is refused to a newcomer: what it sent, its address, now, whether the room is crowded."""
        self._listener, self._config, self._state, self._room = listener, config, state, room
        self._turns_away, self._at_once = turns_away, at_once
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(self._loop, line_of)
        self._tasks: set[asyncio.Task[object]] = set()
        self._failures = Seldom()
        self._shut_out = ShutOut(listener)
        room.on_trust = self._shut_out.forgive
        self._turned_away = PerSecond(_MANY)
        listener.setblocking(False)
        self._open, self._is_behind = True, False
        self._loop.add_reader(listener, self._accept)

    def close(self) -> None:
        """Accept no more. Idempotent."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._listener)

    def renew(self) -> None:
        """Let in again, or shut out, whom it is time for. Call it each second."""
        self._shut_out.renew(self._loop.time())

    def _accept(self) -> None:
        came_in = self._accept_some()
        self.renew()
        if came_in and self._room.is_full and self._room.waiting < _CALM * came_in:
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
        ends = self._loop.time() + (_CROWDED_TURN_S if self._looks else _TURN_S)
        taken, most = 0, self._most_at_once()
        while taken < most and self._loop.time() < ends:
            try:
                accepted, address = self._listener.accept()
            except BlockingIOError:
                self._is_behind = False
                return taken
            except OSError as error:
                if error.errno in _PASSING:
                    self._rest(error)
                    return taken
                continue  # this client has gone
            taken += self._take(accepted, str(address[0]))
        self._is_behind = True
        return taken

    @property
    def _looks(self) -> bool:
        """Whether it looks at what newcomers sent: not all may come in, or more wait than came in at once."""
        return self._is_behind or self._room.is_crowded

    def _most_at_once(self) -> int:
        if not self._room.is_full:
            return _AT_ONCE
        return max(_REPLACED, min(_AT_ONCE, self._room.waiting // _CALM))

    def _take(self, accepted: socket.socket, address: str) -> bool:
        """Let a connection come in, or turn it away; return whether it came in."""
        accepted.setblocking(False)
        if not self._may_come_in(accepted, address):
            self._turn_away(accepted, address)
            return False
        came = receive(accepted)
        if came and has_many_lines(came):
            self._room.turn_away("header", address)
            self._turn_away(accepted, address, _BAD)
            return False
        ready = self._at_once(came, self._state.default_headers, address) if came else None
        if isinstance(ready, Later):  # the connection asks once more
            ready = None
        if ready and len(ready.sent) > _SENT_AT_ONCE:  # the room weighs it first
            ready = None
        if ready and not ready.keeps:
            ready = Ready(ready.sent[send(accepted, ready.sent) :], keeps=False)
        if came is None or (ready and not ready.sent):
            if self._looks:
                part_soon(accepted)
            accepted.close()
            if ready:
                self._room.excuse(address)
            return True
        self._shut_out.release(accepted)
        connection = Connection(self._config, self._state, self._loop, address, self._room, self._pace, self._at_once)
        connection.first = ready or came
        self._room.enter(connection, self._loop.time())
        task = self._loop.create_task(self._loop.connect_accepted_socket(lambda: connection, accepted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _may_come_in(self, accepted: socket.socket, address: str) -> bool:
        now = self._loop.time()
        first = look_at(accepted) if self._looks else UNSEEN
        if kind := "connection" if first.has_gone else self._turns_away(first, address, now, self._room.is_crowded):
            self._room.turn_away(kind, address)
            return False
        return self._room.has_place(address, now, first)

    def _turn_away(self, accepted: socket.socket, address: str, said: bytes = _FULL) -> None:
        """Turn a connection away; while many are, also the next ones of a network that is to blame."""
        now = self._loop.time()
        network = self._room.to_blame(address, now)
        are_many = self._turned_away.is_used_up(now)
        self._turned_away.count()
        with accepted, suppress(OSError):
            if not (network and are_many):  # a page that hears no refusal opens its stream again without a pause
                accepted.send(said)
        if network and are_many:
            self._shut_out.add(network, now)

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
