"""Announcements as text → events, each with the line it begins on."""

from .address_book import Contact, make_contact, match_people, parse_lines, parse_people
from .cells import WhenCell, may_be_name, read_bodies, read_minutes, read_people, read_when, split_name
from .moving import move_event, set_times
from .sources import MOST_PROBLEMS, decode, refuse
from .text import guess_language, parse_text
from .when import ZoneMention
from .who.names import name_key

__all__ = [
    "MOST_PROBLEMS",
    "Contact",
    "WhenCell",
    "ZoneMention",
    "decode",
    "guess_language",
    "make_contact",
    "match_people",
    "may_be_name",
    "move_event",
    "name_key",
    "parse_lines",
    "parse_people",
    "parse_text",
    "read_bodies",
    "read_minutes",
    "read_people",
    "read_when",
    "refuse",
    "set_times",
    "split_name",
]
