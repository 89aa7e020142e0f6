"""The text of an announcement → an event."""

from .language import guess_language
from .organizers import read_organizers
from .parse import parse_text

__all__ = ["guess_language", "parse_text", "read_organizers"]
