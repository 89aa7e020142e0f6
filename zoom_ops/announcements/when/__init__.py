"""The date, time and zone of an event."""

from .lines import WhenLine
from .schedule import Schedule, read_schedule
from .zones import ZoneMention

__all__ = ["Schedule", "WhenLine", "ZoneMention", "read_schedule"]
