"""Clocks: the only module that reads the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # BOOTTIME counts suspended time; macOS does not have it


def iso_text(moment: datetime | None) -> str | None:
    """Render a moment in ISO 8601, to the second; None stays None."""
    return moment.isoformat(timespec="seconds") if moment else None


def processor_s() -> float:
    """Return the seconds of the processor that this thread has used; only differences have a meaning."""
    return time.thread_time()


class Clock(Protocol):
    """A source of the time. Code that needs the time takes one as a parameter, so that a test can set it."""

    def now(self) -> datetime:
        """Return the wall-clock time as an aware datetime in UTC."""

    def elapsed(self) -> float:
        """Return the seconds since boot, with suspended time; only differences have a meaning."""

    def sleep(self, seconds: float) -> None:
        """Wait for that many seconds."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the wall-clock time as an aware datetime in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Return the seconds since boot, with suspended time; only differences have a meaning."""
        return time.clock_gettime(_BOOT)

    def sleep(self, seconds: float) -> None:
        """Wait for that many seconds."""
        time.sleep(seconds)


class ServerClock:
    """The clock of a server: its last reading, plus the seconds that passed on this machine since then."""

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._read: tuple[datetime, float] | None = None

    def read(self, moment: datetime) -> None:
        """Store the time that the server reports."""
        self._read = moment, self._own.elapsed()

    def now(self) -> datetime:
        """Return the time of the server, or of this machine before the first reading."""
        if self._read is None:
            return self._own.now()
        moment, at = self._read
        return moment + timedelta(seconds=self._own.elapsed() - at)

    def elapsed(self) -> float:
        """Return the seconds since boot, with suspended time; only differences have a meaning."""
        return self._own.elapsed()

    def sleep(self, seconds: float) -> None:
        """Wait for that many seconds."""
        self._own.sleep(seconds)


class HeldClock:
    """A clock that stands still until a caller moves it, for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the time of this clock."""
        return self._at

    def elapsed(self) -> float:
        """Return the seconds by which this clock was moved."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Move on by that many seconds, without a wait."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move on by that many seconds."""
        self._at += timedelta(seconds=seconds)
        self._elapsed += seconds
