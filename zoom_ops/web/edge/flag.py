"""What a connection waits with: smaller than what asyncio has for it, as there are thousands."""

import asyncio
from collections import deque

_READ = 16_384  # bytes that are read at once


class Flag(asyncio.Event):
    """An event for the few who wait for it. Each connection has two, and the queue of asyncio's takes 760 bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._waiters = []  # type: ignore[assignment] # asyncio appends, removes, and goes through them


class Pieces(list[memoryview]):
    """The pieces of answers that a client has not read, in the place of asyncio's queue: these are few."""

    def popleft(self) -> memoryview:
        """Take the first one out."""
        return self.pop(0)

    def appendleft(self, piece: memoryview) -> None:
        """Put one before all others."""
        self.insert(0, piece)


def hold_little(transport: asyncio.Transport) -> None:
    """Let a new transport read little at once, and hold no memory for what it does not write."""
    transport.max_size = _READ  # type: ignore[attr-defined] # else 256 kB
    if isinstance(getattr(transport, "_buffer", None), deque):  # since Python 3.12
        transport._buffer = Pieces()  # type: ignore[attr-defined]
