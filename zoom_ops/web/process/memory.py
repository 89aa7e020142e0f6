"""The memory of a long-lived process: kept small where the system's allocator allows it.

A thread of its own arena would keep what its work took at most, and a whole collection of garbage would look at every
module again, while everything else waits.
"""

import ctypes
import gc
from collections.abc import Callable
from contextlib import suppress

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # of glibc's malloc.h
_ARENAS = 1  # one thread at a time runs Python, so more arenas save no waits
_ALONE = 131_072  # bytes from which on the system has memory back at once; left alone, glibc raises this to 32 MB


def share_one_arena() -> None:
    """Let the threads that begin from now on share their free memory, but for large pieces. Nothing without glibc."""
    if limit := _find("mallopt"):
        limit(_ARENA_MAX, _ARENAS)
        limit(_MMAP_THRESHOLD, _ALONE)


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
