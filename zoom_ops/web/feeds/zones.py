"""Time zones as VTIMEZONE components of calendars."""

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class _Time:
    """The offset and the name of a zone between two changes."""

    offset: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=256)
def build_zone(name: str, first_year: int, last_year: int) -> Timezone:
    """Build the VTIMEZONE of an IANA zone, correct from the start of `first_year` to the end of `last_year`.

    `Timezone.from_tzid` of icalendar places the change to summer time an hour late, and misses changes that last a few
    weeks only, as in Morocco during Ramadan.
    """
    zone, begins = ZoneInfo(name), datetime(first_year, 1, 1, tzinfo=UTC) - 2 * _DAY
    ends = datetime(last_year + 1, 1, 1, tzinfo=UTC) + 2 * _DAY
    before = _time_at(zone, begins)
    component = Timezone()
    component.add("TZID", name)
    component.add_component(_build_time(begins, before, before))
    day = begins
    while day < ends:
        if _time_at(zone, day) != _time_at(zone, day + _DAY):
            onset = _find_change(zone, day)
            after = _time_at(zone, onset)
            component.add_component(_build_time(onset, before, after))
            before = after
        day += _DAY
    return component


def _build_time(onset: datetime, before: _Time, after: _Time) -> TimezoneDaylight | TimezoneStandard:
    """Build the rule that starts at `onset`. DTSTART is in the local time before the change (RFC 5545, 3.6.5)."""
    part = TimezoneDaylight() if after.summer else TimezoneStandard()
    part.DTSTART = (onset + before.offset).replace(tzinfo=None)
    part.TZOFFSETFROM, part.TZOFFSETTO = before.offset, after.offset
    part.add("TZNAME", after.name)
    return part


def _find_change(zone: ZoneInfo, day: datetime) -> datetime:
    """Find the second of a day with which another time begins."""
    before = _time_at(zone, day)
    return day + bisect(range(86_400), False, key=lambda s: _time_at(zone, day + s * _SECOND) != before) * _SECOND


def _time_at(zone: ZoneInfo, moment: datetime) -> _Time:
    local = moment.astimezone(zone)
    return _Time(offset=local.utcoffset() or timedelta(), name=local.tzname() or "", summer=bool(local.dst()))
