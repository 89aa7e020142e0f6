"""The people and bodies on a programme."""

from .names import looks_like_person, name_key, split_honorific
from .roles import is_acronym, is_body, is_role
from .speakers import (
    Entry,
    begins_person,
    is_person_line,
    is_unnamed,
    people_of_agenda,
    read_performers,
    speaks_of_person,
)

__all__ = [
    "Entry",
    "begins_person",
    "is_acronym",
    "is_body",
    "is_person_line",
    "is_role",
    "is_unnamed",
    "looks_like_person",
    "name_key",
    "people_of_agenda",
    "read_performers",
    "speaks_of_person",
    "split_honorific",
]
