"""Gates of recordings: who may pass, in the form in the database."""

import json

Gate = tuple[tuple[str, ...], ...]  # Event.recording_gate


def read_gate(text: str) -> Gate:
    """Read a gate from JSON text, the form in the database."""
    return tuple(tuple(groups) for groups in json.loads(text))


def write_gate(gate: Gate) -> str:
    """Return a gate as JSON text."""
    return json.dumps(gate)
