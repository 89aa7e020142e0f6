"""The stages of an event, for operators and scripts."""

from collections.abc import Iterable
from typing import Any

from ...clock import iso_text
from ...messages import message_json
from ...stages import Stage


def stages_json(stages: Iterable[Stage]) -> list[dict[str, Any]]:
    """Build the JSON of an event's stages, in order."""
    return [
        {
            "stage": stage.name,
            "title": stage.title,
            "state": stage.state,
            "since": iso_text(stage.since),
            "deadline": iso_text(stage.deadline),
            "severity": None if not stage.is_trouble else "critical" if stage.is_critical else "warning",
            "reason": stage.reason or None,
            "action": stage.action or None,
            "message": message_json(stage.message) if stage.message else None,
        }
        for stage in stages
    ]
