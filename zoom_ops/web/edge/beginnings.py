"""Begin requests, a few in each turn of the loop, so that those that are answered go on between them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sized
from itertools import cycle
from typing import Literal

_FEW = 64  # connections: with so few, a turn of the loop is short
_TURN_S = 0.02  # that a turn may take
_LEAST, _MOST, _MORE = 16, 1_024, 16  # requests that begin in a turn; how many more in the next one, while it is short
_ORDER: tuple["Line", ...] = ("first", "first", "first", "again", "first", "first", "first", "new")
_Step = Callable[[], None]
Line = Literal["first", "again", "new"]
LineOf = Callable[[str, bytes], Line]
"""Gets the address of a peer and what came; returns whether that goes before others, and if its sender was here."""


class Beginnings:
    """Requests that came and wait for their beginning. It belongs to one loop, and is used in its thread.

    A turn of the loop reads from all connections on which something came. Behind a proxy thousands stay open, and a
    turn in which all their requests began would take half a second; an answer takes ten to twenty turns. Half of those
    that wait and go before no others are of networks that were here before, as far as there are any. Without a proxy
    nobody waits: connections come a few at a time, and are turned away before that.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, line_of: LineOf | None = None) -> None:
        """`line_of`: None where no proxy is trusted."""
        self._loop, self._line_of = loop, line_of
        self._lines: dict[Line, OrderedDict[_Step, None]]
        self._lines = {"first": OrderedDict(), "again": OrderedDict(), "new": OrderedDict()}
        self._order, self._at_once = cycle(_ORDER), _LEAST
        self._turned_at: float | None = None  # None: no turn is awaited

    def are_at_once(self, among: Sized) -> bool:
        """Return whether a request among these connections begins in the step in which it came."""
        return self._line_of is None or (self._turned_at is None and len(among) < _FEW)

    def take(self, step: _Step, peer: str, came: bytes) -> bool:
        """Make a step in one of the next turns; return whether it goes first.

        `came`: the beginning of a request, from the address of a `peer`. Only where they are not at once.
        """
        line = self._line_of(peer, came) if self._line_of else "new"
        self._lines[line][step] = None
        if self._turned_at is None:
            self._turned_at = self._loop.time()
            self._loop.call_soon(self._turn)
        return line == "first"

    def drop(self, step: _Step) -> None:
        """Forget a step that waits, if it does: who comes and goes at once leaves nothing here."""
        for line in self._lines.values():
            line.pop(step, None)

    def _turn(self) -> None:
        now = self._loop.time()
        took, self._turned_at = now - (self._turned_at or now), now
        self._at_once = max(_LEAST, self._at_once // 2) if took > _TURN_S else min(_MOST, self._at_once + _MORE)
        try:
            for _ in range(self._at_once):
                if not any(self._lines.values()):
                    break
                self._next()()
        finally:  # a step that fails keeps nobody from the next one
            if any(self._lines.values()):
                self._loop.call_soon(self._turn)
            else:
                self._turned_at = None

    def _next(self) -> _Step:
        line = next(line for line in map(self._lines.__getitem__, self._order) if line)
        step, _ = line.popitem(last=False)
        return step
