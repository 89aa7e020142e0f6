"""When an event is."""

from .schedule import Schedule, read_schedule

__all__ = ["Schedule", "read_schedule"]
