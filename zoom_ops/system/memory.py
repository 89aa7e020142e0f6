"""The memory of a long-lived process: kept small where the system's allocator allows it.

A thread of its own arena would keep what its work took at most, and a whole collection of garbage would look at every
module again, while everything else waits. Large blocks, such as the bodies of requests, get pages of their own, which
the system has back at once; by itself glibc takes them from its heap after the first ones, and breaks that up.
"""

import ctypes
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # of glibc's malloc.h
_ARENAS = 1  # one thread at a time runs Python, so more arenas save no waits
_LARGE = 65_536  # bytes of a block that gets pages of its own
_KEPT = 1_048_576  # bytes that may be free at the end of the heap
_is_kept_small = Event()


def keep_small() -> None:
    """Let the threads that begin from now on share their free memory, and large blocks have pages of their own.

    Does nothing without glibc.
    """
    if limit := _find("mallopt"):
        limit(_ARENA_MAX, _ARENAS)
        limit(_MMAP_THRESHOLD, _LARGE)
        limit(_TRIM_THRESHOLD, _KEPT)
    _is_kept_small.set()


def settle() -> None:
    """Take what is loaded by now for permanent, and give free memory back to the system."""
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Give free memory back to the system; it takes some milliseconds."""
    if trim := _find("malloc_trim"):
        trim(0)


def tidy() -> None:
    """Give back what a large piece of work leaves behind; it holds the interpreter for some 20 milliseconds.

    Python caches names of attributes, and emptied tuples. Few of them, spread among much that is free, would keep all.
    Does nothing in a process that is not kept small.
    """
    if not _is_kept_small.is_set():
        return
    clear: Callable[[], None] = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache  # since 3.13
    gc.collect()
    clear()
    give_back()


def _find(name: str) -> Callable[..., int] | None:
    """Find a function of glibc. It is called without the interpreter lock."""
    with suppress(OSError, AttributeError, TypeError):
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
        return found
    return None
