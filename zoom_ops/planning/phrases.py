"""Phrases of sentences to operators."""

from collections.abc import Sequence

_SHOWN = 6  # names in a sentence


def shows(title: str, visibility: str) -> str:
    """Describe who can see a recording at the event record once it is published."""
    if visibility == "public":
        return f"Shows “{title}” to everybody at the event record."
    return f"Shows “{title}” to members at the event record."


def name_some(names: Sequence[str]) -> str:
    """List the first names, and count the others."""
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest


def people(count: int) -> str:
    """Render a number of people."""
    return "1 person" if count == 1 else f"{count} people"
