"""Announcements as text → events, each with the line it begins on."""

from typing import TYPE_CHECKING

from ..front import load_later
from ..phrases.names import name_key
from .address_book import Contact, make_contact, match_people, parse_lines, parse_people
from .sources import decode, refuse

if TYPE_CHECKING:  # loaded when they are asked for: a daemon that is sent no announcements never reads one
    from .doubts import Doubts
    from .letters import Envelope, holds_address
    from .lines import Line
    from .text import kind_of, parse_text, read_organizers
    from .who.mentions import names_anyone, names_in_prose, told_of
    from .who.speakers import Entry, is_unnamed, read_performers

__all__ = [
    "Contact",
    "Doubts",
    "Entry",
    "Envelope",
    "Line",
    "decode",
    "holds_address",
    "is_unnamed",
    "kind_of",
    "make_contact",
    "match_people",
    "name_key",
    "names_anyone",
    "names_in_prose",
    "parse_lines",
    "parse_people",
    "parse_text",
    "read_organizers",
    "read_performers",
    "refuse",
    "told_of",
]
__getattr__ = load_later(__name__, __all__, ("doubts", "lines", "who.mentions", "who.speakers", "text", "letters"))
