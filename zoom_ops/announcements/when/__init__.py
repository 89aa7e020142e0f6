"""The date, time and zone of an event."""

from .dates import FoundDate, find_dates, latin_digits, weekday_spans
from .lines import WhenLine
from .schedule import Schedule, read_schedule
from .times import TimeSpan, find_duration, find_times
from .zones import ZoneMention, find_zones

__all__ = [
    "FoundDate",
    "Schedule",
    "TimeSpan",
    "WhenLine",
    "ZoneMention",
    "find_dates",
    "find_duration",
    "find_times",
    "find_zones",
    "latin_digits",
    "read_schedule",
    "weekday_spans",
]
