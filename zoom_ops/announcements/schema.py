"""The JSON Schema of import files: the event model as it may be written, with what we add tolerated."""

from typing import Any

from ..events import ADDED_BY_US, Event

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def event_schema() -> dict[str, Any]:
    """Build the schema of one event: `id` may be left out, and what `events show --json` adds is allowed."""
    schema = Event.model_json_schema(mode="validation")
    added = {name: {"description": "Added by `events show --json`; ignored by an import."} for name in ADDED_BY_US}
    return {
        "$schema": ADDRESS,
        **schema,
        "properties": {**schema["properties"], **added},
        "required": [name for name in schema["required"] if name != "id"],
    }
