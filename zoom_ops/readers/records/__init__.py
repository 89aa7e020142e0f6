"""The records of other event systems → events, with the place and the doubts of each field."""

from .addresses import host_of, join_address
from .attachments import Link, add_link
from .draft import Draft, collect
from .nodes import Node, as_text
from .people import Person, add_organizer, add_person
from .texts import add_language, add_name, add_prose, plain
from .times import add_times, parse_duration
from .written import Written, parse_written

__all__ = [
    "Draft",
    "Link",
    "Node",
    "Person",
    "Written",
    "add_language",
    "add_link",
    "add_name",
    "add_organizer",
    "add_person",
    "add_prose",
    "add_times",
    "as_text",
    "collect",
    "host_of",
    "join_address",
    "parse_duration",
    "parse_written",
    "plain",
]
