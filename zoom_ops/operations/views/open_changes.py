"""Open changes: changes that were begun and whose result is unknown, with what an operator checks before deciding."""

from typing import Any

from ...clock import iso_text
from ...engine.effects import Intent
from ...planning import (
    Action,
    AddPanelists,
    CancelWebinar,
    CreateWebinar,
    PublishRecording,
    RemovePanelist,
    UpdateWebinar,
    WithdrawRecording,
    action_from_json,
)


def describe(intent: Intent, run_id: int) -> dict[str, Any]:
    """Build the JSON of an open change: action, start time, what to look for, and the commands that settle it."""
    action = action_from_json(intent.change.action)
    return {
        "action": action.kind,
        "since": iso_text(intent.began),
        "look_for": _sought(action),
        "commands": [{"when": when, "command": command} for when, command in _ways_out(action, run_id)],
    }


def _sought(action: Action) -> str:
    match action:
        case CreateWebinar():
            topic = dict(action.fields).get("topic", "")
            return f"a webinar of {action.host} whose agenda ends with: {action.marker} (topic: {topic})"
        case UpdateWebinar():
            names = ", ".join(change.field for change in action.fields)
            return f"in webinar {action.webinar_id}, whether the change has arrived: {names}"
        case CancelWebinar():
            return f"whether webinar {action.webinar_id} is deleted"
        case AddPanelists():
            people = ", ".join(seat.email for seat in action.seats)
            return f"among the panelists of webinar {action.webinar_id}: {people}"
        case RemovePanelist():
            return f"whether {action.email} is gone from the panelists of webinar {action.webinar_id}"
        case PublishRecording():
            return f"on the event record, the link {action.url}"
        case WithdrawRecording():
            return f"whether the link of recording {action.recording_uuid} is gone from the event record"


def _ways_out(action: Action, run_id: int) -> tuple[tuple[str, str], ...]:
    """List the commands of an operator, each with its condition.

    If the webinar or the panelists exist, the operator adopts them, so that nobody is invited twice.
    """
    retry = f"zoom-ops runs retry {run_id}"
    again = ("what was in the way is mended: look again", retry)
    absent = ("you have looked, and it was not done", f"{retry} --not-done")
    match action:
        case CreateWebinar():
            there = f"zoom-ops events adopt {action.event} WEBINAR_ID"
        case AddPanelists():
            there = f"zoom-ops events adopt {action.event} {action.webinar_id}"
        case _:  # a second execution does no harm
            return again, absent
    return again, ("you have looked, and it is there", there), absent
