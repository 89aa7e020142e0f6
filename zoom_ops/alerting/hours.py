"""The operators' hours: their time zone, quiet hours, the daily digest."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..zones import find_zone

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SPAN = re.compile(r"([1-9][0-9]{0,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_EACH_DAY = (1, 0, -1)
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Hours of each day in which only critical problems are told. They may go over midnight."""

    begin: time
    end: time

    def holds(self, at: time) -> bool:
        """Return whether a time of day is in the quiet hours."""
        if self.begin < self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When operators are told."""

    zone: ZoneInfo = UTC_ZONE
    digest_at: time | None = None
    quiet: Quiet | None = None

    def is_quiet(self, now: datetime) -> bool:
        """Return whether it is quiet."""
        return self.quiet is not None and self.quiet.holds(now.astimezone(self.zone).time())

    def latest_digest(self, now: datetime) -> datetime | None:
        """Return the latest moment at which a digest was due; None where none is wanted.

        A time of day that a change of the clocks skips comes an hour later; of one that comes twice, the first counts.
        """
        if self.digest_at is None:
            return None
        today = now.astimezone(self.zone).date()
        days = (datetime.combine(today + timedelta(days=day), self.digest_at, self.zone) for day in _EACH_DAY)
        return next(moment for day in days if (moment := day.astimezone(UTC)) <= now)

    def local(self, moment: datetime) -> str:
        """Write a moment in the operators' zone."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M %Z")


def read_hours(zone: str, digest_at: str, quiet: str) -> Hours:
    """Read the hours as the settings write them; raise ValueError."""
    return Hours(
        zone=find_zone(zone),
        digest_at=None if digest_at in ("", "off") else parse_time(digest_at),
        quiet=parse_quiet(quiet) if quiet else None,
    )


def parse_time(text: str) -> time:
    """Parse a time of day such as 08:00; raise ValueError."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:20]!r} is no time of day: expected one such as 08:00.")
    return time(int(match[1]), int(match[2]))


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Parse a moment such as 2027-01-31T22:00, in this zone unless it names another; raise ValueError."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no time: expected one such as 2027-01-31T22:00.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def parse_span(text: str) -> timedelta:
    """Parse a duration such as 90d: m for minutes, h for hours, d for days, w for weeks; raise ValueError."""
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text[:20]!r} is no span of time: a number and d, h, m or w, such as 90d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def parse_quiet(text: str) -> Quiet:
    """Parse quiet hours such as 22:00-07:00; raise ValueError."""
    begin, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text[:20]!r} are no hours: expected hours such as 22:00-07:00.")
    quiet = Quiet(begin=parse_time(begin), end=parse_time(end))
    if quiet.begin == quiet.end:
        raise ValueError(f"the quiet hours begin and end at {begin.strip()}: expected hours such as 22:00-07:00.")
    return quiet


def parse_since(text: str, now: datetime) -> datetime:
    """Parse a start: a span before now, or an ISO date or instant, in UTC by default; raise ValueError."""
    written = text.strip()
    if re.fullmatch(r"[0-9]+[mhdw]", written):
        return now - parse_span(written)
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        shown = repr(text[:40])
        raise ValueError(f"{shown} is no time: a span such as 7d, or a date such as 2027-01-31.") from None
