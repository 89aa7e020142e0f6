"""Zoom's rate limits."""

from .limits import Limits
from .reservations import Slots

__all__ = ["Limits", "Slots"]
