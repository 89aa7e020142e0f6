"""Announcements as text → events, each with the line it begins on."""

from .address_book import Contact, make_contact, match_people, parse_lines, parse_people
from .cells import WhenCell, may_be_name, read_bodies, read_minutes, read_people, read_when, split_name
from .cities import CITY_ZONES, fold
from .moving import move_event, set_times
from .sources import MOST_PROBLEMS, decode, refuse
from .text import guess_language, kind_of, parse_text
from .when import ZoneMention
from .who.names import looks_like_person, name_key, names_a_body, split_honorific

__all__ = [
    "CITY_ZONES",
    "MOST_PROBLEMS",
    "Contact",
    "WhenCell",
    "ZoneMention",
    "decode",
    "fold",
    "guess_language",
    "kind_of",
    "looks_like_person",
    "make_contact",
    "match_people",
    "may_be_name",
    "move_event",
    "name_key",
    "names_a_body",
    "parse_lines",
    "parse_people",
    "parse_text",
    "read_bodies",
    "read_minutes",
    "read_people",
    "read_when",
    "refuse",
    "set_times",
    "split_honorific",
    "split_name",
]
