"""When a published recording is looked at again at Zoom, and when it counts as gone."""

from datetime import UTC, date, datetime, time, timedelta

LOOK_AGAIN = timedelta(days=6, hours=20)  # so that the look that confirms still falls within the week
CONFIRM_AFTER = timedelta(hours=1)  # a second look so much later: one failure at Zoom withdraws nothing
_DAY = timedelta(days=1)
_WATCHED = timedelta(days=7)  # so long after its announced deletion a recording that is still there is looked at daily


def next_look(now: datetime, expires: date | None) -> datetime:
    """Return when a recording that was just seen is looked at again: in a week, or the day after Zoom deletes it."""
    regular = now + LOOK_AGAIN
    if expires is None:
        return regular
    over = _end_of(expires)
    if now < over:
        return min(regular, over)
    return now + _DAY if now < over + _WATCHED else regular


def is_expired(expires: date | None, now: datetime) -> bool:
    """Return whether the day on which Zoom deletes a recording is over."""
    return expires is not None and now >= _end_of(expires)


def is_gone(missing_since: datetime | None, now: datetime) -> bool:
    """Return whether a recording that Zoom does not find now is gone: an earlier look did not find it either."""
    return missing_since is not None and now >= missing_since + CONFIRM_AFTER


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + _DAY
