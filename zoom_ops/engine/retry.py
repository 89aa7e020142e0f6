"""Retry: decide what becomes of a run whose attempt failed. Nothing here sleeps."""

from collections.abc import Callable
from datetime import datetime, timedelta

from ..errors import ParkedError, TemporaryError, WaitingError, ZoomOpsError
from .runs import GiveUp, Outcome, Park, RetryLater

LONGEST_S = 300.0
_FIRST_S = 2.0


def decide(error: Exception, failures: int, now: datetime, wait_s: float, chance: Callable[[], float]) -> Outcome:
    """Decide by the kind of the error: retry later, park for an operator, or fail for good.

    `failures` counts the failures in a row before this one. `wait_s` is the pause of a waiting run, in seconds.
    `chance` returns a number from 0 to 1 for the jitter.
    """
    match error:
        case WaitingError():
            return RetryLater(at=error.until or now + timedelta(seconds=wait_s), sentence=str(error), waiting=True)
        case TemporaryError():
            return RetryLater(at=error.retry_at or now + _backoff(failures, chance), sentence=str(error))
        case ParkedError():
            return Park(sentence=str(error))
        case ZoomOpsError():
            return GiveUp(sentence=str(error))
        case _:
            return GiveUp(sentence=f"An unexpected {type(error).__name__} stopped this; the log has the details.")


def _backoff(failures: int, chance: Callable[[], float]) -> timedelta:
    """Double the pause from 2 s to 300 s. Its upper half is random, so that many failures do not retry at once."""
    longest = min(LONGEST_S, _FIRST_S * 2 ** min(failures, 10))
    return timedelta(seconds=longest * (0.5 + chance() / 2))
