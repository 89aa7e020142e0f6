"""The notes of pauses, which operators leave for one another."""

from datetime import datetime

from ..errors import BadInputError

_LONGEST = 500


def clean_note(note: str) -> str:
    """Put a note on one line; raise BadInputError where it says nothing or is too long."""
    line = " ".join(note.split())
    if not line:
        raise BadInputError("A pause needs a note that says why, for everybody who sees it.")
    if len(line) > _LONGEST:
        raise BadInputError(f"The note has {len(line)} characters; a pause takes {_LONGEST}.")
    return line


def describe_pause(by: str, since: datetime | None, note: str) -> str:
    """Say in a sentence who paused something, when and why, as far as it is known."""
    who = f" by {by}" if by else ""
    when = f" on {since:%Y-%m-%d %H:%M} UTC" if since else ""
    why = f": “{note.rstrip('.')}”" if note else ""
    return f"Paused{who}{when}{why}."
