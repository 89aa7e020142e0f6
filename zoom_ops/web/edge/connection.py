"""A connection: HTTP/1.1 by uvicorn and h11, with what it may hold and how long it may take."""

from asyncio import AbstractEventLoop, BaseTransport, Transport
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import cast

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from ..kept.at_once import Later, Ready
from .body_count import BodyCount
from .chunks import read_chunks_in_linear_time
from .door.first_bytes import head_of
from .door.limits import Phase
from .door.parting import forget_unsent, part_soon
from .door.room import Room
from .heads import check_answers_once, read_fields_in_linear_time, read_short_heads_only
from .pace import Pace, PacedFlow, retained_by
from .refusing import write_refusal
from .whole import take_whole_answers

read_fields_in_linear_time()
read_short_heads_only()
read_chunks_in_linear_time()
check_answers_once()
take_whole_answers()
_BAD = write_refusal(HTTPStatus.BAD_REQUEST)
_LONG_HEAD = 4_096  # bytes: programs and browsers send less, so that nobody else is weighed
_ENDED = h11.Connection(h11.SERVER)  # in the place of one whose client has gone
AnswerAtOnce = Callable[[bytes, Sequence[tuple[bytes, bytes]], str], Ready | Later | None]
"""Gets what came, the fields of every answer, the peer's address; returns the answer, if it needs only what is kept."""


def answers_nothing(_came: bytes, _fields: Sequence[tuple[bytes, bytes]], _peer: str) -> None:
    """Answer nothing at once."""


class Connection(H11Protocol):
    """A connection that tells the room what it does.

    It reads no body before somebody asks for it. It ends when a client sends much before it has its answer. It takes
    turns with others like it for what is behind the beginning of a body, and for a request that was sent before the
    answer to the one before: whoever sends one request and reads its answer waits for none of them.
    """

    __slots__ = ("_at_once", "_came", "_completes", "_counted", "_goes_first", "_head", "_pace", "_room", "_waits",
                 "_was_answered", "address", "first")  # fmt: skip # of over 30 others Python keeps a table each

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: AbstractEventLoop,
        address: str,
        room: "Room[Connection]",
        pace: Pace,
        at_once: AnswerAtOnce = answers_nothing,
    ) -> None:
        super().__init__(config, state, {}, loop)
        self.address, self._room, self._pace, self._at_once = address, room, pace, at_once
        self.first: bytes | Ready = b""
        """What came before there was a transport, or what is still to be sent in answer to it."""
        self._completes = self._waits = self._was_answered = False
        self._goes_first = False  # then it does not give way, once it is whole
        self._came: bytes | None = None  # while it waits for its beginning, or for the database
        self._counted, self._head = BodyCount(), 0  # bytes of the head of the request that is answered, if it is long

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a head, unless the connection had to give way already."""
        transport = cast(Transport, transport)
        super().connection_made(transport)
        self.flow: PacedFlow = PacedFlow(transport, self._pace, self.address)
        if self not in self._room:
            transport.abort()
            return
        first, self.first = self.first, b""
        if isinstance(first, Ready):
            self._give(first)
        elif first:
            self.data_received(first)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back, and what the client sent: a request that still waits keeps this object."""
        self._room.leave(self)
        if self._came is not None:
            self._came = None
            self._pace.beginnings.drop(self._begin)
        super().connection_lost(exc)
        self.conn = _ENDED
        if self.cycle:
            self.cycle.conn, self.cycle.body = _ENDED, bytearray()

    def shutdown(self) -> None:
        """Answer what came, and close the connection. The server calls it when it stops."""
        came, self._came = self._came, None
        if came is not None:
            self._read(came)
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Take what the client sends; a request begins when it is its turn."""
        if self._came is not None:
            self._came += data
            self.flow.pause_reading()
            self._room.settle(self, self._phase(), self.loop.time())
        elif self._pace.beginnings.are_at_once(self._room) or not self._is_between_requests:
            self._receive(data)
        else:
            self._wait_with(data, self._pace.beginnings.take(self._begin, self.address, data))

    def _wait_with(self, came: bytes, goes_first: bool) -> None:
        """Keep what came until it is its turn, or until the database has said what stands."""
        self._came, self._goes_first = came, goes_first
        self._unset_keepalive_if_required()  # its pause is over
        self._room.settle(self, self._phase(), self.loop.time())

    def _take_back(self) -> bytes | None:
        """Take back what waits; None if its client has gone."""
        came, self._came = self._came, None
        if came is None or self.transport.is_closing() or self.conn is _ENDED:
            return None
        self.flow.resume_reading()
        return came

    def _begin(self) -> None:
        if (came := self._take_back()) is not None:
            self._receive(came)

    def _receive(self, data: bytes, find: Callable[[bytes], Ready | Later | None] | None = None) -> None:
        """Take what the client sends; a connection that fails ends, whoever has called. `find`: its answer at once."""
        try:
            ready = (find or self._find_answer)(data) if self._is_between_requests else None
            if isinstance(ready, Later):
                self._wait_with(data, goes_first=True)
                ready.when_ready(partial(self._go_on_with, data))
            elif ready:
                self._give(ready)
            else:
                self._read(data)
        except Exception:
            self.transport.abort()
            raise

    def _find_answer(self, came: bytes) -> Ready | Later | None:
        if self._ahead or self.flow.write_paused:
            return None
        return self._at_once(came, self.server_state.default_headers, self.address)

    def _go_on_with(self, asked: bytes, ready: Ready | None) -> None:
        """Give the answer to what was asked, or take the long way: also if more came since."""
        if (came := self._take_back()) is not None:
            self._receive(came, lambda _came: ready if came == asked else None)

    def _read(self, data: bytes) -> None:
        """Let h11 read it, and end the connection if it is too much."""
        super().data_received(data)
        phase = self._phase()
        if phase == "body":
            self._counted.add(data)
            self.flow.is_long = self._counted.is_long
            if self.cycle.body:
                self.flow.pause_reading()
        elif phase in ("busy", "unread"):
            if self._ahead > self._room.limits.ahead:
                self._room.refuse(self)
                return
            self.flow.resume_reading()  # uvicorn pauses, and would not see the end of the connection
        elif phase == "linger":
            self._counted.thrown += len(data)
            if self._counted.thrown > self._room.limits.thrown:
                self._room.refuse(self)
                return
            self.flow.is_long = True
            self.flow.pause_reading()
            self.flow.resume_reading()
        self._room.settle(self, phase, self.loop.time())

    def _give(self, ready: Ready) -> None:
        """Give an answer to a request that h11 does not see."""
        self._unset_keepalive_if_required()  # the room looks after its end
        self._was_answered = True
        self._room.excuse(self.address)
        self.transport.write(ready.sent)
        if not ready.keeps:
            self.transport.close()
        self._room.settle(self, self._phase(), self.loop.time(), is_anew=True)

    def handle_events(self) -> None:
        """Begin what the client sent; a request that came ahead of its time takes turns."""
        if self._completes and self._ahead:
            self._waits = True
            self.flow.pause_reading()
            self._pace.take(self.address, self._go_on)
        elif not self._waits:
            self._handle_events()

    def _handle_events(self) -> None:
        may_be_long = self._ahead > _LONG_HEAD
        super().handle_events()
        if may_be_long and self.scope and not self._head:
            path, query = self.scope["raw_path"], self.scope["query_string"]
            size = len(path) + len(query) + sum(len(value) for _, value in self.headers)
            self._head = size if size > _LONG_HEAD else 0

    def _go_on(self) -> None:
        self._waits = False
        if not self.transport.is_closing() and self.conn is not _ENDED:
            self.flow.resume_reading()
            self._handle_events()
            self._room.settle(self, self._phase(), self.loop.time())

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the end of the body."""
        self._counted.begin()
        self._head = 0
        self.flow.is_long = False
        self._completes = True
        super().on_response_complete()
        self._completes = False
        if self.cycle.response_complete:  # else it is the next one already
            self.headers = []
            self.scope = self.cycle.scope = {}  # type: ignore[typeddict-item]
        self._room.settle(self, self._phase(), self.loop.time())

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says nothing
        """Refuse what is no request, and no part of a body: whoever answers that is told that the client has gone.

        Uvicorn fails where the body is that of a HEAD, where an answer has begun, and where one begins after this.
        """
        self._room.note("header", self.address)
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(_BAD)
        if self.cycle and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def pause_writing(self) -> None:
        """Let who answers wait for the client."""
        super().pause_writing()
        self._room.settle(self, self._phase(), self.loop.time())

    def resume_writing(self) -> None:
        """Let who answers go on."""
        super().resume_writing()
        self._room.settle(self, self._phase(), self.loop.time())

    @property
    def held(self) -> int:
        """The bytes of heads and answers that wait here. Bodies have a budget of their own."""
        waiting = self._ahead + self._head + len(self._came or b"")
        return waiting + (retained_by(self.transport) if self.transport else 0)

    @property
    def unread(self) -> int:
        """The bytes of an answer that its client has not taken yet."""
        return self.transport.get_write_buffer_size() if self.transport else 0

    def end(self) -> None:
        """Close the connection, and do not wait for its client.

        A client that gets no whole answer any more gets nothing more: else the system keeps a part of it for a while.
        """
        if self.transport:
            line = self.transport.get_extra_info("socket")
            if self.unread:
                forget_unsent(line)
            elif self not in self._room or self._room.is_crowded:
                part_soon(line)
            self.transport.abort()

    @property
    def _is_between_requests(self) -> bool:
        return self.conn.our_state is h11.IDLE and self.conn.their_state is h11.IDLE

    @property
    def _ahead(self) -> int:
        return len(self.conn._receive_buffer)  # its property `trailing_data` copies them

    def _phase(self) -> Phase:
        if self.transport.is_closing():
            return "closing"
        if self._came is not None:
            return "head" if head_of(self._came) is None else "busy" if self._goes_first else "begins"
        if self.cycle is None:
            return "idle" if self._was_answered and not self._ahead else "head"
        if not self.cycle.response_complete:
            return "body" if self.cycle.more_body else "unread" if self.flow.write_paused else "busy"
        if self.conn.our_state is not h11.IDLE:
            return "linger"
        return "head" if self._ahead else "idle"
