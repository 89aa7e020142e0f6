"""What a caller sees of an import: the address book fills in addresses that are not for everybody who writes."""

from typing import Any

from ....access import Reader, without_private
from ....operations.events.changes import hide_changes
from ....planning import FieldChange


def seen_by(reader: Reader, imported: dict[str, Any]) -> dict[str, Any]:
    """Reduce the JSON of an imported event, with its changes, to what a reader may see."""
    if reader.operates:
        return imported
    seen = hide_changes(map(FieldChange.model_validate, imported["changes"]), reader)
    changes = [change.model_dump(mode="json") for change in seen]
    event = {"event": without_private(imported["event"])} if "event" in imported else {}
    notes = without_private({"needs_review": imported["needs_review"]})
    return imported | {"changes": changes} | notes | event
