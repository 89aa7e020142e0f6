"""The JSON Schema of import files: the event model, which also allows the keys that we add to output."""

from typing import Any

from ..events import ADDED_BY_US, Event

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def event_schema() -> dict[str, Any]:
    """Build the schema of one event. `id` is optional, and the keys that `events show --json` adds are allowed."""
    schema = Event.model_json_schema(mode="validation")
    added = {name: {"description": "Added by `events show --json`; ignored by an import."} for name in ADDED_BY_US}
    return {
        "$schema": ADDRESS,
        **schema,
        "properties": {**schema["properties"], **added},
        "required": [name for name in schema["required"] if name != "id"],
    }
