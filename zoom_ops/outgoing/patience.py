"""When a message that was not taken is sent again: the schedule that Standard Webhooks gives."""

from collections.abc import Callable
from datetime import datetime, timedelta

_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS = 1 + len(_WAITS)  # over some three days
_JITTER = 0.1


def next_attempt(
    attempts: int, now: datetime, asked_for: datetime | None, chance: Callable[[], float]
) -> datetime | None:
    """Tell when to try again after so many attempts, or None after the last; `asked_for` is what Retry-After said.

    `chance` gives a number from 0 to 1: what failed together does not come back together.
    """
    if attempts >= ATTEMPTS:
        return None
    planned = now + _WAITS[attempts - 1] * (1 + _JITTER * chance())
    return max(planned, asked_for) if asked_for else planned
