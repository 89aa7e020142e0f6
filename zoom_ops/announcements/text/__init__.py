"""The parts of an announcement, and the event that they make."""

from .parse import Announcement, parse_text

__all__ = ["Announcement", "parse_text"]
