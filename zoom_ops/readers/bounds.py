"""What reading files may take: their size, whose turn it is in this process, the processor time and what is read."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from threading import RLock

from ..clock import processor_s
from ..errors import BadInputError
from .read import LARGEST_FILE, MOST_LINES, Announced

LONGEST_S = 20.0  # of the processor: 10,000 events take three
MOST_PARTS = 20_000  # people, links, pairs of notes, long texts of all that is read together: up to 2 kB each
LONG_TEXT = 2_000  # characters that are a part
LONGEST_PROPERTY = 400_000  # bytes, of a calendar; an attachment may be longer, but it is not read
_SMALL = 50_000  # bytes; nobody waits for such a file
_REPEATS = b"RRULE"  # with it a small file has many events

_turn = RLock()


class TakesTooMuchError(BadInputError):
    """Reading a file takes too much time or memory, whatever part of it is read."""


@dataclass(kw_only=True)
class _Limit:
    """When the reading ends, after how many seconds that is, and what was read so far."""

    at: float
    longest_s: float
    most_events: int | None
    events: int = 0
    parts: int = 0


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)
_drops_sources: ContextVar[bool] = ContextVar("drops_sources", default=False)


def check_size(content: bytes, file: str) -> None:
    """Raise BadInputError for a file that is too large, or has too many lines."""
    if len(content) > LARGEST_FILE:
        raise BadInputError(f"expected at most {LARGEST_FILE // 1_000_000} MB", file=file)
    if max(content.count(b"\n"), content.count(b"\r")) >= MOST_LINES:
        raise BadInputError(f"expected at most {MOST_LINES:,} lines", file=file)


@contextmanager
def limited(more_s: float = 0.0, *, most_events: int | None = None) -> Iterator[None]:
    """Read a file, or many in `more_s` seconds more, in limited time and memory. A block within a block is part of it.

    `most_events`: of one request. What a block read that failed is not counted.
    """
    if (around := _limit.get()) is not None:
        before = around.parts, around.events
        try:
            yield
        except BaseException:
            around.parts, around.events = before
            raise
        return
    longest_s = LONGEST_S + more_s
    token = _limit.set(_Limit(at=processor_s() + longest_s, longest_s=longest_s, most_events=most_events))
    try:
        yield
    finally:
        _limit.reset(token)


@contextmanager
def bounded(content: bytes) -> Iterator[None]:
    """Read a file in the block, in limited time and memory, and no other large one meanwhile.

    While it is taken apart, a file takes many times its size.
    """
    with limited(), _turn if is_large(content) else nullcontext():
        yield


def is_large(content: bytes) -> bool:
    """Return whether a file takes much memory while it is read."""
    return len(content) > _SMALL or _REPEATS in content.upper()


def go_on(file: str, line: int | None = None) -> None:
    """Raise TakesTooMuchError where the file that is read has used up its time."""
    limit = _limit.get()
    if limit is not None and processor_s() > limit.at:
        message = f"to read this takes more than {limit.longest_s:.0f} s; split it, and write dates out that repeat"
        raise TakesTooMuchError(message, file=file, line=line)


@contextmanager
def without_sources() -> Iterator[None]:
    """Keep of what is read in the block no places of the file: of a large table, they take most of the memory."""
    token = _drops_sources.set(True)
    try:
        yield
    finally:
        _drops_sources.reset(token)


def hold(announced: Announced) -> Announced:
    """Count what an event holds that was read, and return what is kept of it.

    Raise TakesTooMuchError where all of them hold too much.
    """
    event, file, line = announced.event, announced.file, announced.line
    go_on(file, line)
    if (limit := _limit.get()) is not None:
        lists = (event.performers, event.organizers, event.attachments, event.display_times)
        limit.parts += sum(map(len, lists)) + len(event.needs_review) // 2 + len(event.description) // LONG_TEXT
        limit.events += 1
        if limit.most_events is not None and limit.events > limit.most_events:
            message = f"expected at most {limit.most_events:,} events at once; split the file"
            raise TakesTooMuchError(message, file=file, line=line)
        if limit.parts > MOST_PARTS:
            message = f"expected at most {MOST_PARTS:,} people and links of all its events together; split it"
            raise TakesTooMuchError(message, file=file, line=line)
    return replace(announced, sources=()) if _drops_sources.get() else announced
