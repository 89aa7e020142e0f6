"""What a caller sees of an import: the address book fills in addresses that are not for everybody who writes."""

from typing import Any

from ...access import Reader, without_private


def seen_by(reader: Reader, imported: dict[str, Any]) -> dict[str, Any]:
    """Reduce the JSON of an imported event, with its changes, to what a reader may see."""
    if reader.operates:
        return imported
    changes = []
    for change in imported["changes"]:
        field, old, new = change["field"], without_private({change["field"]: change["old"]}), change["new"]
        if field in old:
            changes.append({"field": field, "old": old[field], "new": without_private({field: new})[field]})
    event = {"event": without_private(imported["event"])} if "event" in imported else {}
    return imported | {"changes": changes} | event
