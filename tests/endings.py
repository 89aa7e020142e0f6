"""Servers that end behind a test's back: each takes 0.15 seconds for it, in which the next test can begin."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from zoom_ops.clock import Clock
from zoom_ops.sandbox import Sandbox, SandboxOptions

_MOST = 8
_ending: deque[threading.Thread] = deque()


def end_behind(stop: Callable[[], None]) -> None:
    """Stop something without waiting for it; wait for the oldest where many end at once."""
    thread = threading.Thread(target=stop, name="ending", daemon=True)
    thread.start()
    _ending.append(thread)
    wait_for_endings(_MOST)


def wait_for_endings(left: int = 0) -> None:
    """Wait until only so many still end, for instance because somebody is to take their port."""
    while len(_ending) > left:
        _ending.popleft().join()


@contextmanager
def run_sandbox(clock: Clock | None = None, **options: Any) -> Iterator[Sandbox]:
    """Run a practice Zoom with these options for the block, on a free port unless they name one."""
    sandbox = Sandbox(SandboxOptions(**{"listen": "127.0.0.1:0", **options}), clock)
    sandbox.__enter__()
    try:
        yield sandbox
    finally:
        end_behind(sandbox.stop)
