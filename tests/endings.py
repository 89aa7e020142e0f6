"""Servers that stop in the background: each takes 0.15 seconds, in which the next test can begin."""

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
    """Call `stop` in a thread without waiting for it; where more than eight still run, wait for the oldest."""
    thread = threading.Thread(target=stop, name="ending", daemon=True)
    thread.start()
    _ending.append(thread)
    wait_for_endings(_MOST)


def wait_for_endings(left: int = 0) -> None:
    """Wait until only `left` of them still run, for example before their port is used again."""
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
