"""Announcements as text → events, each with the line it begins on."""

from .address_book import Contact, make_contact, match_people, parse_lines, parse_people
from .moving import display_row, move_event, set_times
from .sources import MOST_PROBLEMS, decode, refuse
from .text import parse_text
from .who.names import name_key

__all__ = [
    "MOST_PROBLEMS",
    "Contact",
    "decode",
    "display_row",
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
