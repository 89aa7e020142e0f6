"""Write docs/event.schema.json from the event model: `python -m tests.docs.write_schema`.

It is the schema of import files. `id` is optional, and the keys that `events show --json` adds are allowed.
"""

import json

from tests.root import ROOT
from zoom_ops.events import ADDED_BY_US, Event

SCHEMA = ROOT / "docs" / "event.schema.json"
ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def write_schema() -> str:
    """Render the published schema of an event."""
    schema = Event.model_json_schema(mode="validation")
    added = {name: {"description": "Added by `events show --json`; ignored by an import."} for name in ADDED_BY_US}
    published = {
        "$schema": ADDRESS,
        **schema,
        "properties": {**schema["properties"], **added},
        "required": [name for name in schema["required"] if name != "id"],
    }
    return json.dumps(published, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(write_schema(), encoding="utf-8")
