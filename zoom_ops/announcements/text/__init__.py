"""The parts of an announcement, and the event that they make."""

from .parse import Announcement, Place, parse_text

__all__ = ["Announcement", "Place", "parse_text"]
