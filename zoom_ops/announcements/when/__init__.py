"""The date, time and zone of an event."""

from .lines import WhenLine, read_when_lines
from .rows import Frame
from .schedule import Schedule, read_schedule

__all__ = ["Frame", "Schedule", "WhenLine", "read_schedule", "read_when_lines"]
