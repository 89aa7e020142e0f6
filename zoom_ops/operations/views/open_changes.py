"""An open change for an operator: what to look for, and how to decide."""

from typing import Any

from ...clock import iso_text
from ...engine.effects import Intent
from ...planning import action_from_json


def describe(intent: Intent, run_id: int) -> dict[str, Any]:
    """Build the JSON of an open change: action, start time, what to look for, and the commands that settle it.

    If the webinar or the panelists exist, the operator adopts them, so that nobody is invited twice.
    """
    action = action_from_json(intent.change.action)
    retry, adoption = f"zoom-ops runs retry {run_id}", action.adoption()
    there = ("you have looked, and it is there", f"zoom-ops events adopt {adoption}")
    commands = (
        ("what was in the way is mended: look again", retry),
        *((there,) if adoption else ()),
        ("you have looked, and it was not done", f"{retry} --not-done"),
    )
    return {
        "action": action.kind,
        "since": iso_text(intent.began),
        "look_for": action.look_for(),
        "commands": [{"when": when, "command": command} for when, command in commands],
    }
