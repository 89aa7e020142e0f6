"""A time zone with its rules, as calendars carry it along.

icalendar can do it, too (`Timezone.from_tzid`), but tells an hour late when clocks go forward, and misses what lasts
for some weeks only, as the time of Ramadan does in Morocco.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class _Time:
    """What the clocks of a zone show for a while."""

    offset: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=256)
def build_zone(name: str, first_year: int, last_year: int) -> Timezone:
    """Build the VTIMEZONE of an IANA zone, right from the beginning of one year to the end of another."""
    zone, begins = ZoneInfo(name), datetime(first_year, 1, 1, tzinfo=UTC) - 2 * _DAY
    ends = datetime(last_year + 1, 1, 1, tzinfo=UTC) + 2 * _DAY
    before = _time_at(zone, begins)
    built = Timezone()
    built.add("TZID", name)
    built.add_component(_build_time(begins, before, before))
    for onset in _find_changes(zone, begins, ends):
        after = _time_at(zone, onset)
        built.add_component(_build_time(onset, before, after))
        before = after
    return built


def _build_time(onset: datetime, before: _Time, after: _Time) -> TimezoneDaylight | TimezoneStandard:
    """Build what the clocks show from a moment on; it is told by the clock before it, as RFC 5545 (3.6.5) asks."""
    part = TimezoneDaylight() if after.summer else TimezoneStandard()
    part.DTSTART = (onset + before.offset).replace(tzinfo=None)
    part.TZOFFSETFROM, part.TZOFFSETTO = before.offset, after.offset
    part.add("TZNAME", after.name)
    return part


def _find_changes(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """Find the moments at which the clocks of a zone are changed."""
    day = begins
    while day < ends:
        if _time_at(zone, day) != _time_at(zone, day + _DAY):
            yield _find_change(zone, day, day + _DAY)
        day += _DAY


def _find_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _time_at(zone, middle) == _time_at(zone, before):
            before = middle
        else:
            after = middle
    return after


def _time_at(zone: ZoneInfo, moment: datetime) -> _Time:
    local = moment.astimezone(zone)
    return _Time(offset=local.utcoffset() or timedelta(), name=local.tzname() or "", summer=bool(local.dst()))
