"""The date, time and zone of an event."""

from .schedule import Schedule, read_schedule

__all__ = ["Schedule", "read_schedule"]
