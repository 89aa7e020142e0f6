"""The memory of a long-lived process: kept small where the system's allocator allows it.

A thread of its own arena would keep what its work took at most, and a whole collection of garbage would look at every
module again, while everything else waits.
"""

import ctypes
import gc
from collections.abc import Callable
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_ARENAS = 1  # one thread at a time runs Python, so more arenas save no waits
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD, too
_LARGE = 262_144  # bytes


def share_one_arena() -> None:
    """Let the threads that begin from now on share their free memory. Does nothing without glibc."""
    if limit := _find("mallopt"):
        limit(_ARENA_MAX, _ARENAS)


def return_large_blocks() -> None:
    """Give each large block back to the system as soon as it is free. Does nothing without glibc.

    By itself glibc raises its threshold to the largest block so far, which is what the hash of a password takes. From
    then on such blocks lie among small ones, which hold on to them: 20 MB after three sign-ins.
    """
    if limit := _find("mallopt"):
        limit(_MMAP_THRESHOLD, _LARGE)


def settle() -> None:
    """Take what is loaded by now for permanent, and give free memory back to the system."""
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Give free memory back to the system; it takes some milliseconds."""
    if trim := _find("malloc_trim"):
        trim(0)


def _find(name: str) -> Callable[..., int] | None:
    """Find a function of glibc. It is called without the interpreter lock."""
    with suppress(OSError, AttributeError, TypeError):
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
        return found
    return None
