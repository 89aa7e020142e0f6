"""iCalendar files (RFC 5545) → events."""

from .read import read

__all__ = ["read"]
