"""Whom a title or a text names, where a file lists nobody who speaks."""

from ..announcements import names_anyone, names_in_prose
from ..markup import without_markup

MOST_LINES = 200
LONGEST = 50_000  # characters


def someone_named(title: str, text: str) -> str:
    """Return the first person whom a title or a text names, such as "Ada Lovelace: How waves travel"; or nothing."""
    lead, colon, rest = title.partition(": ")
    found = [names_anyone(f"by {lead}", anywhere=True)] if colon and rest else []
    written = without_markup(text, LONGEST)
    for line in (title, *written.split("\n")[:MOST_LINES]):
        found += [*names_in_prose(line), names_anyone(line, anywhere=False)]
    return next(filter(None, found), "")
