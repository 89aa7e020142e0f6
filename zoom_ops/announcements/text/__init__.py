"""The parts of an announcement, and the event that they make."""

from .links import kind_of
from .organizers import read_organizers
from .parse import Announcement, parse_text

__all__ = ["Announcement", "kind_of", "parse_text", "read_organizers"]
