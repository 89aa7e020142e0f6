"""The cause of a trouble: what many events share. Problems, lists of runs and plans are grouped by it."""

import re

from ..messages import SHARED, Message

_DIFFERS = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?|\d{5,}")
_LONGEST = 300


def cause_of_run(job: str, error: Message, *names: str) -> str:
    """Return why a run is in trouble. `names`: the id and the name of its event."""
    return f"{job}: {without_names(SHARED.common(error), *names)}"


def without_names(text: str, *names: str) -> str:
    """Return a text without what differs from event to event: its id and name, long numbers, dates."""
    for name in filter(None, names):
        text = text.replace(name, "…")
    return _DIFFERS.sub("…", text)[:_LONGEST]
