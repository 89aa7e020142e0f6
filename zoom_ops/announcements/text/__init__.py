"""The text of an announcement → an event."""

from .language import guess_language
from .links import kind_of
from .organizers import read_organizers
from .parse import parse_text

__all__ = ["guess_language", "kind_of", "parse_text", "read_organizers"]
