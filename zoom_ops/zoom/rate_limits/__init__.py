"""Zoom's rate limits."""

from .limits import PER_SECOND, Limits
from .reservations import Reservations

__all__ = ["PER_SECOND", "Limits", "Reservations"]
