"""iCalendar files (RFC 5545) → events."""

from .ours import PRODUCT
from .read import read

__all__ = ["PRODUCT", "read"]
