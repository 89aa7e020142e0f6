"""What reading files may take: their size, whose turn it is in this process, and the processor time of a file."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from threading import RLock

from ..clock import processor_s
from ..errors import BadInputError
from .read import LARGEST_FILE, MOST_LINES

LONGEST_S = 20.0  # of the processor: 10,000 events take three
_SMALL = 50_000  # bytes; nobody waits for such a file
_REPEATS = b"RRULE"  # with it a small file has many events

_turn = RLock()
_ends: ContextVar[tuple[float, float] | None] = ContextVar("ends", default=None)  # when, and after how long


class TakesTooLongError(BadInputError):
    """Reading a file takes too long, whatever part of it is read."""


def check_size(content: bytes, file: str) -> None:
    """Raise BadInputError for a file that is too large, or has too many lines."""
    if len(content) > LARGEST_FILE:
        raise BadInputError(f"expected at most {LARGEST_FILE // 1_000_000} MB", file=file)
    if max(content.count(b"\n"), content.count(b"\r")) >= MOST_LINES:
        raise BadInputError(f"expected at most {MOST_LINES:,} lines", file=file)


@contextmanager
def limited(more_s: float = 0.0) -> Iterator[None]:
    """Read a file, or many in `more_s` seconds more, in limited time. A block within a block is part of it."""
    if _ends.get() is not None:
        yield
        return
    longest_s = LONGEST_S + more_s
    token = _ends.set((processor_s() + longest_s, longest_s))
    try:
        yield
    finally:
        _ends.reset(token)


@contextmanager
def bounded(content: bytes) -> Iterator[None]:
    """Read a file in the block, in limited time, and no other large one meanwhile.

    While it is taken apart, a file takes many times its size.
    """
    with limited(), _turn if is_large(content) else nullcontext():
        yield


def is_large(content: bytes) -> bool:
    """Return whether a file takes much memory while it is read."""
    return len(content) > _SMALL or _REPEATS in content.upper()


def go_on(file: str, line: int | None = None) -> None:
    """Raise TakesTooLongError where the file that is read has used up its time."""
    ends = _ends.get()
    if ends is not None and processor_s() > ends[0]:
        message = f"to read this takes more than {ends[1]:.0f} s; split it, and write dates out that repeat"
        raise TakesTooLongError(message, file=file, line=line)
