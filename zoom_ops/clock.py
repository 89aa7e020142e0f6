"""The only place that asks for the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tell the time; handed in wherever time matters, so that a test can hold it."""

    def now(self) -> datetime:
        """Tell the wall-clock time, aware, in UTC."""
        ...

    def elapsed(self) -> float:
        """Tell seconds since boot, suspended time included; only differences mean something."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the wall-clock time, aware, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Tell seconds since boot, suspended time included; only differences mean something."""
        return time.clock_gettime(_BOOT)

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        time.sleep(seconds)


class HeldClock:
    """A clock that stands still until it is moved: for tests and for simulations."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Tell the time it was set to."""
        return self._at

    def elapsed(self) -> float:
        """Tell the seconds it was moved by."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Move on by so many seconds, at once."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._at += timedelta(seconds=seconds)
        self._elapsed += seconds


_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # BOOTTIME counts suspended time; macOS has none
