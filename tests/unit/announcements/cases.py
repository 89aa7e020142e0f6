"""The announcements under texts/, each with a file of the event that it should give."""

from pathlib import Path
from typing import Any

import yaml

from zoom_ops.events import Event
from zoom_ops.readers import read_events

TEXTS = Path(__file__).parent / "texts"
CASES = sorted(path.stem for path in TEXTS.glob("*.txt"))
UNSET: tuple[Any, ...] = (None, "", [], "listed", "scheduled", "record", "default")


def read_case(name: str) -> Event:
    """Read the one event of an announcement under texts/."""
    (announced,) = read_events((TEXTS / f"{name}.txt").read_bytes(), f"{name}.txt")
    return announced.event


def told(event: Event) -> dict[str, Any]:
    """Reduce an event to its content: no id, no default values; of the notes only field and line."""
    members = {key: value for key, value in event.to_json().items() if key != "id" and value not in UNSET}
    for key in ("performers", "organizers", "attachments"):
        if key in members:
            members[key] = [{name: value for name, value in each.items() if value is not None} for each in members[key]]
    if "needs_review" in members:
        members["needs_review"] = [f"{note['field']}, line {note['line']}" for note in members["needs_review"]]
    return members


def expected(name: str) -> dict[str, Any]:
    """Load the expected event of an announcement."""
    loaded: dict[str, Any] = yaml.load((TEXTS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return loaded
