"""The only place that asks for the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


def iso_text(moment: datetime | None) -> str | None:
    """Write a moment in ISO 8601, to the second; None stays None."""
    return moment.isoformat(timespec="seconds") if moment else None


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


class ServerClock:
    """The clock of a server, read now and then, and carried on from there by the seconds since boot of this machine."""

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._read: tuple[datetime, float] | None = None

    def read(self, moment: datetime) -> None:
        """Take note of what the server says."""
        self._read = moment, self._own.elapsed()

    def now(self) -> datetime:
        """Tell the server's time, or this machine's while no server was asked."""
        if self._read is None:
            return self._own.now()
        moment, at = self._read
        return moment + timedelta(seconds=self._own.elapsed() - at)

    def elapsed(self) -> float:
        """Tell seconds since boot, suspended time included; only differences mean something."""
        return self._own.elapsed()

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        self._own.sleep(seconds)


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
