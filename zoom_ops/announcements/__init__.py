"""Announcements as text → events, each with the line it begins on."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
_LATER = ("doubts", "lines", "who.mentions", "who.speakers", "text", "letters")  # modules, the quickest to load first


def __getattr__(name: str) -> Any:
    """Load a name of those modules."""
    for module in _LATER if name in __all__ else ():
        loaded = import_module(f".{module}", __name__)
        if hasattr(loaded, name):
            return getattr(loaded, name)
    raise AttributeError(name)
