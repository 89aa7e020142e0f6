"""A time that notes until when what is decided by it stays decided so."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zoom_ops.moments import Horizon, Moment

NOW = datetime(2040, 1, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEVER = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("decide", "until"),
    [
        (lambda now: now < NOW + HOUR, NOW + HOUR),
        (lambda now: now <= NOW + HOUR, NOW + HOUR),
        (lambda now: now >= NOW - HOUR, NEVER),
        (lambda now: now - HOUR > NOW, NOW + HOUR),
        (lambda now: now + 2 * HOUR <= NOW + 3 * HOUR, NOW + HOUR),
        (lambda now: timedelta(days=1) + now < NOW, NEVER),
        (lambda now: now - HOUR < now, NEVER),
        (lambda now: max(NOW + 2 * HOUR, now) == now, NOW + 2 * HOUR),
        (lambda now: now == NOW + 3 * HOUR, NOW + 3 * HOUR),
        (lambda now: now != NOW + HOUR, NOW + HOUR),
        (lambda now: now == NOW, NOW),
        (lambda now: NOW + HOUR - now, NOW),
        (lambda now: now - NOW, NOW),
        (lambda now: now.date(), NOW),
        (lambda now: now.hour, NOW),
        (lambda now: now.isoformat(), NOW),
        (lambda now: now.astimezone(UTC), NOW),
        (lambda now: f"{now:%H}", NOW),
        (lambda now: f"{now} {now!r}"[:10], NOW),
        (lambda now: {now: 1}[NOW], NOW),
        (lambda now: copy(now) == NOW, NOW),
        (lambda now: now.tzinfo, NEVER),
    ],
)
def test_what_is_decided_is_that_of_the_time_until_time_decides_otherwise(
    decide: Callable[[datetime], Any], until: datetime
) -> None:
    horizon = Horizon(NOW)

    decided = decide(Moment(horizon))

    assert decided == decide(NOW)
    assert horizon.until == until
    later = (NOW + number * timedelta(minutes=15) for number in range(20))
    assert all(decide(moment) == decided for moment in later if horizon.covers(moment))
