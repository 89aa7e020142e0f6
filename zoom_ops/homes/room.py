"""The memory that the lists of all homes may take together in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock

from ..transport import CrowdedError

FREE = 1_000_000  # bytes of each list that count for nobody: small lists never wait for large ones
RECORD = 8_000  # bytes that a record takes once it is read from a calendar or another file
ROOM = 24_000_000  # bytes; a list that is alone may take more, as far as its own limits go


class Room:
    """So many bytes of memory. Threads share it."""

    def __init__(self, size: int) -> None:
        self._size, self._left, self._lock = size, size, Lock()

    def take(self, size: int, taken: int = 0) -> bool:
        """Take some of it, beside what was taken before; return False, and take nothing, where too little is left.

        Whoever is alone gets more than there is.
        """
        with self._lock:
            if size > self._left and self._size - self._left > taken:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
        with self._lock:
            self._left += size


class Reading:
    """What one list takes of the room."""

    def __init__(self, room: Room) -> None:
        self._room, self._size, self._taken = room, 0, 0

    def add(self, size: int) -> None:
        """Count more bytes, or fewer. Raise CrowdedError where other lists have taken the room."""
        more = max(0, self._size + size - FREE) - self._taken
        if more < 0:
            self._room.give_back(-more)
        elif more and not self._room.take(more, self._taken):
            raise CrowdedError("other lists take the memory that there is")
        self._size, self._taken = self._size + size, self._taken + more

    def end(self) -> None:
        """Give everything back."""
        self._room.give_back(self._taken)
        self._size = self._taken = 0


@dataclass(kw_only=True)
class Allowance:
    """What the answers of one list may still take: bytes of memory, and seconds in which they are awaited."""

    size: int
    seconds: float
    packs: bool  # of an answer no more than its text is kept
    passing: int = 0  # bytes of the latest answer's values, which are gone when the next one comes

    def count(self, size: int, text: int, seconds: float) -> int:
        """Count an answer that takes `size` bytes with its values, `text` without. Return how much more that is now."""
        more = size - self.passing
        self.size, self.seconds = self.size - more, self.seconds - seconds
        if self.packs:
            self.passing = size - text
        return more


_ROOM = Room(ROOM)
_current: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[Reading]:
    """Count what is read in the block, and is kept until its end. A block within a block is part of it."""
    if (outer := _current.get()) is not None:
        yield outer
        return
    own = Reading(_ROOM)
    token = _current.set(own)
    try:
        yield own
    finally:
        _current.reset(token)
        own.end()
