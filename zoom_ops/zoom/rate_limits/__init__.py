"""Zoom's rate limits."""

from .limits import Limits
from .reservations import Reservations

__all__ = ["Limits", "Reservations"]
