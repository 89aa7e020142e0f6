"""Write docs/event.schema.json from the event model: `python -m tests.docs.write_schema`."""

import json

from tests.root import ROOT
from zoom_ops.announcements.schema import event_schema

SCHEMA = ROOT / "docs" / "event.schema.json"


def write_schema() -> str:
    """Render the published schema of an event."""
    return json.dumps(event_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(write_schema(), encoding="utf-8")
