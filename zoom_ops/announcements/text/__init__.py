"""The text of an announcement → an event."""

from .parse import parse_text

__all__ = ["parse_text"]
