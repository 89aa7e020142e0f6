"""Announcements as text → events, each with the line it begins on."""

from ..phrases.names import name_key
from .address_book import Contact, make_contact, match_people, parse_lines, parse_people
from .moving import move_event, set_times
from .sources import MOST_PROBLEMS, decode, refuse
from .text import parse_text

__all__ = [
    "MOST_PROBLEMS",
    "Contact",
    "decode",
    "make_contact",
    "match_people",
    "move_event",
    "name_key",
    "parse_lines",
    "parse_people",
    "parse_text",
    "refuse",
    "set_times",
]
