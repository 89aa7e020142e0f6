"""What the description of an event says of a change: that it is called off, or at another date or time."""

from collections.abc import Iterator
from itertools import islice

from ..markup import without_markup
from ..phrases.changes import changes_in, unsure_of

MOST_NOTES = 3
LONGEST = 50_000  # characters


def told_changes(text: str, status: str | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield doubts about start and status for what a text says and the status does not: field, reason, choices."""
    written = without_markup(text, LONGEST)
    for reason in islice(dict.fromkeys(changes_in(written, status)), MOST_NOTES):
        yield "start", reason, ()
        yield "status", reason, unsure_of(status)
