"""The memory that the lists of all homes take together in this process: small ones, and one large list at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from traceback import clear_frames

from ..clock import Clock
from ..system.memory import tidy
from ..transport import CrowdedError
from .errors import PacedError

SMALL = 500_000  # bytes; a list that takes more is large
SHARE = 16_000_000  # bytes that the first SMALL bytes of all lists take together
RECORD = 8_000  # bytes that a record takes once it is read from a calendar or another file
TURN_S = 120.0  # after which a large list gives way to one that waits
_AGAIN = timedelta(seconds=10)  # until a list is asked for again that found no memory
_PRESENT_S = 45.0  # since it last asked; who stays away longer loses its place in the line


class ListMemory:
    """The memory of all lists. Threads share it. Times are seconds of one clock that never goes back."""

    def __init__(self, share: int = SHARE) -> None:
        self._left, self._lock = share, Lock()
        self._large: Reading | None = None
        self._since = 0.0  # when it became the large one
        self._line: dict[str, tuple[float, float]] = {}  # home → when it first was refused, and last

    def take(self, size: int) -> bool:
        """Take some bytes of the share of small lists; return False, and take nothing, where too little is left."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        """Give back bytes that were taken."""
        with self._lock:
            self._left += size

    def enter(self, read: "Reading", home: str, now: float) -> bool:
        """Let a list be the large one, or go on as such. Return False where it has to wait.

        Whoever has waited longest is next.
        """
        with self._lock:
            if self._large is read and not self._line:
                return True
            self._line = {name: at for name, at in self._line.items() if abs(now - at[1]) <= _PRESENT_S}
            others = [since for name, (since, _) in self._line.items() if name != home]
            first, _ = self._line.get(home, (now, now))
            if self._large is read:
                may = not others or now - self._since <= TURN_S
            else:
                may = self._large is None and all(first <= since for since in others)
                self._since = now if may else self._since
            if may:
                self._large = read
                self._line.pop(home, None)
            else:
                self._line[home] = first, now
            return may

    def leave(self, read: "Reading") -> None:
        """Let the next list be the large one. Idempotent."""
        with self._lock:
            if self._large is read:
                self._large = None


class Reading:
    """What one list takes of the memory for all."""

    def __init__(self, memory: ListMemory) -> None:
        self._memory, self._size, self._taken = memory, 0, 0
        self.was_large = False

    def add(self, size: int, home: str, now: float) -> None:
        """Count more bytes, or fewer. Raise CrowdedError where other lists take the memory."""
        more = min(self._size + size, SMALL) - self._taken
        if more > 0:
            if not self._memory.take(more):
                raise CrowdedError("other lists take the memory that there is")
            self._taken += more
        self._size += size
        if self._size > SMALL:
            self.enlarge(home, now)

    def enlarge(self, home: str, now: float) -> None:
        """Become the large list. Raise CrowdedError while another one is."""
        if not self._memory.enter(self, home, now):
            raise CrowdedError("another large list is being read")
        if not self.was_large:
            tidy()  # what the one before left in use at its end
        self.was_large = True

    def end(self) -> None:
        """Give everything back. Idempotent."""
        self._memory.give_back(self._taken)
        self._memory.leave(self)
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


_MEMORY = ListMemory()
_current: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[Reading]:
    """Count what is read in the block, and is kept until its end. A block within a block is part of it.

    What an error of the block would keep is freed before the next list begins: errors in a circle, as libraries make
    them, would keep a whole answer until the collector of garbage comes by.
    """
    if (outer := _current.get()) is not None:
        yield outer
        return
    own = Reading(_MEMORY)
    token = _current.set(own)
    try:
        yield own
    except BaseException as error:
        _forget_values(error)
        raise
    finally:
        _current.reset(token)
        try:
            if own.was_large:
                tidy()
        finally:
            own.end()


@contextmanager
def pacing(home: str, clock: Clock) -> Iterator[None]:
    """Raise PacedError where the block finds no memory for the list of a home."""
    try:
        yield
    except CrowdedError as error:
        raise crowded(home, clock) from error


def crowded(home: str, clock: Clock) -> PacedError:
    """Return what is raised for a list that has to wait."""
    return PacedError(f"The home {home} waits: the lists of other homes are being read.", until=clock.now() + _AGAIN)


def _forget_values(error: BaseException) -> None:
    """Clear the variables of the functions that an error and its causes ended."""
    found: list[BaseException] = [error]
    for each in found:
        clear_frames(each.__traceback__)
        found += [cause for cause in (each.__cause__, each.__context__) if cause and cause not in found]
