"""The pace of those who send much, so that whoever sends little is answered between them."""

import asyncio
from collections import deque
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl

from .beginnings import Beginnings, LineOf
from .flag import Flag, read_little

_STEPS, _SLICE_S = 16, 0.01  # at most so many pieces of 16 kB in each slice: 26 MB/s, for a sixth of a processor
_Step = Callable[[], None]


def retained_by(transport: asyncio.Transport) -> int:
    """Return the bytes that a transport keeps in memory for what its client has not read.

    A part of an answer keeps all of it; asyncio tells the size of the part. What is behind it is whole.
    """
    unread = transport.get_write_buffer_size()
    pieces = getattr(transport, "_buffer", ()) if unread else ()  # in Python 3.11 it is one block
    if isinstance(pieces, bytearray):
        return unread
    return max(unread, sum(len(getattr(piece, "obj", piece)) for piece in pieces))


class Pace:
    """So many steps in each slice of time. Those that wait go on by their address in turn. It belongs to one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, line_of: LineOf | None = None) -> None:
        self._loop, self.beginnings = loop, Beginnings(loop, line_of)
        self._left, self._timed = _STEPS, False
        self._waiting: dict[str, deque[_Step]] = {}

    def take(self, address: str, step: _Step) -> None:
        """Make a step at once, or when its turn comes."""
        if self._left and not self._waiting:
            self._left -= 1
            step()
        else:
            self._waiting.setdefault(address, deque()).append(step)
        if not self._timed:
            self._timed = True
            self._loop.call_later(_SLICE_S, self._renew)

    def _renew(self) -> None:
        self._left, self._timed = _STEPS, bool(self._waiting)
        if self._timed:
            self._loop.call_later(_SLICE_S, self._renew)
        while self._left and self._waiting:
            self._left -= 1
            self._next()()

    def _next(self) -> _Step:
        address = next(iter(self._waiting))
        steps = self._waiting.pop(address)
        step = steps.popleft()
        if steps:
            self._waiting[address] = steps  # as the last one
        return step


class PacedFlow(FlowControl):
    """The flow of a connection, that waits for its turn before it reads on where a client sends much."""

    def __init__(self, transport: asyncio.Transport, pace: Pace, address: str) -> None:
        super().__init__(transport)
        read_little(transport)
        self._is_writable_event = Flag()  # type: ignore[assignment] # it has what is called
        self._is_writable_event.set()
        self.is_long = False
        self._pace, self._address, self._waits = pace, address, False

    def resume_reading(self) -> None:
        """Read on, at once or when its turn comes."""
        if not self.is_long:
            super().resume_reading()
        elif self.read_paused and not self._waits:
            self._waits = True
            self._pace.take(self._address, self._read_on)

    def _read_on(self) -> None:
        self._waits = False
        super().resume_reading()
