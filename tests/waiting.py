"""Waits, in real time, until a condition holds."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def wait_until(
    true: Callable[[], object],
    why: str | Callable[[], str] = "the condition",
    *,
    patience_s: float = PATIENCE_S,
    every_s: float = 0.1,
) -> None:
    """Wait until `true` returns a true value. After `patience_s` seconds fail with a message that contains `why`.

    The first pauses are shorter than `every_s`, so that a condition that holds soon costs little time.
    """
    deadline, pause_s = time.monotonic() + patience_s, min(0.01, every_s)
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {why if isinstance(why, str) else why()}"
        time.sleep(pause_s)
        pause_s = min(1.5 * pause_s, every_s)
