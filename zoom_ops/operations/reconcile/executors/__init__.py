"""How each action is carried out."""

from .base import Executor
from .panelists import record_seats
from .registry import change_of, executor_of
from .webinars import record_reported, reported_fields

__all__ = ["Executor", "change_of", "executor_of", "record_reported", "record_seats", "reported_fields"]
