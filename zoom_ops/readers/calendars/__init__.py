"""iCalendar files (RFC 5545) → events."""

from .files import read

__all__ = ["read"]
