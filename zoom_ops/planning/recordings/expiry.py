"""Recordings that Zoom deletes by itself: when operators are told, and in which words."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta

from ...events import Event
from ...messages import recordings as say
from ..observed import Observed
from ..plans import Blocker

EXPIRES = "recording_expires"
_DAYS_AHEAD = (14, 3)  # told first, and told again in other words


def expiry_notices(event: Event, observed: Observed, uuids: Collection[str], now: datetime) -> Iterator[Blocker]:
    """Yield the notice that Zoom deletes recordings of these uuids within 14 days. It says so more urgently at 3."""
    first, last = _DAYS_AHEAD
    days = sorted(
        recording.expires
        for recording in observed.recordings
        if recording.uuid in uuids
        and recording.state == "completed"
        and recording.expires
        and now >= _before(recording.expires, first)
    )
    if not days:
        return
    day, host = days[0], observed.host
    message = say.EXPIRES(
        urgent=say.FEW_DAYS() if now >= _before(day, last) else None,
        count=len(days),
        event=event.id,
        account=say.IN_ACCOUNT_OF(host=host) if host else None,
        day=day,
    )
    yield Blocker(about="recording", notice=EXPIRES, message=message)


def is_expiry_news(expires: date, told_at: datetime | None, now: datetime) -> bool:
    """Return whether a notice begins or changes its words between the last time it was told and now."""
    moments = [_before(expires, days) for days in _DAYS_AHEAD]
    return any(moment <= now and (told_at is None or told_at < moment) for moment in moments)


def expiring_until(now: datetime) -> date:
    """Return the last day of deletion of which operators are told now."""
    return (now.astimezone(UTC) + timedelta(days=max(_DAYS_AHEAD))).date()


def _before(expires: date, days: int) -> datetime:
    """Zoom names a day without a time zone: its beginning in UTC counts."""
    return datetime.combine(expires - timedelta(days=days), time(), UTC)
