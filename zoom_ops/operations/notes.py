"""The notes of pauses, which operators leave for one another."""

from datetime import datetime

from ..errors import BadInputError
from ..messages import Message
from ..messages import holdups as say

_LONGEST = 500


def clean_note(note: str) -> str:
    """Put a note on one line; raise BadInputError where it says nothing or is too long."""
    line = " ".join(note.split())
    if not line:
        raise BadInputError("A pause needs a note that says why, for everybody who sees it.")
    if len(line) > _LONGEST:
        raise BadInputError(f"The note has {len(line)} characters; a pause takes {_LONGEST}.")
    return line


def describe_pause(by: str, since: datetime | None, note: str) -> Message:
    """Say who paused something, when and why, if that is known."""
    return say.PAUSED_BY(who=by, since=since, note=note.rstrip(".")) if since else say.PAUSED()
