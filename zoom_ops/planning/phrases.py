"""Phrases of sentences to operators, and what fields are called there."""

from collections.abc import Sequence

_SHOWN = 6  # names in a sentence
_FIELDS = {"topic": "title", "agenda": "description", "timezone": "time zone"}  # Zoom's words, in ours


def name_field(field: str) -> str:
    """Return what a field of a webinar is called: "settings.auto_recording" is "auto recording"."""
    plain = field.removeprefix("settings.").replace(".", ": ").replace("_", " ")
    return _FIELDS.get(field, plain)


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
