"""Retry schedule of messages, as Standard Webhooks recommends."""

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
ATTEMPTS = 1 + len(_WAITS)  # over about three days
_JITTER = 0.1


def next_attempt(
    attempts: int, now: datetime, retry_after: datetime | None, chance: Callable[[], float]
) -> datetime | None:
    """Return when to retry after this number of attempts, not before `retry_after`; None after the last attempt.

    `chance` returns a number from 0 to 1 for the jitter: messages that failed together must not retry together.
    """
    if attempts >= ATTEMPTS:
        return None
    planned = now + _WAITS[attempts - 1] * (1 + _JITTER * chance())
    return max(planned, retry_after) if retry_after else planned
