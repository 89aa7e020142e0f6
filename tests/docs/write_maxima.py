"""Write what an event may hold into docs/importing.md: `python -m tests.docs.write_maxima`."""

import re
from collections.abc import Iterator
from typing import Any

from tests.root import ROOT
from zoom_ops.events import Event
from zoom_ops.events.maxima import DESCRIPTION_LINES, WHOLE

PAGE = ROOT / "docs" / "importing.md"
_PLACE = re.compile(r"(?<=write_maxima` -->\n).*?(?=<!-- end of maxima -->)", re.DOTALL)


def write_maxima() -> str:
    """Render the page with the maximum of each text and list of an event."""
    rows: dict[str, list[str]] = {}
    for place, most in iter_maxima(Event.model_json_schema()):
        rows.setdefault(most, []).append(f"`{place}`")
    table = [f"| {', '.join(places)} | {most} |" for most, places in rows.items()]
    head = ["| of an event | at most |", "| --- | --- |", f"| all of it, as JSON | {WHOLE:,} characters |"]
    return _PLACE.sub(lambda _: "\n".join(["", *head, *table, "", ""]), PAGE.read_text(encoding="utf-8"))


def iter_maxima(schema: dict[str, Any], part: Any = None, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text and list of a JSON schema, with what it holds at most: empty where nothing bounds it.

    Words from a list, moments, and texts whose pattern has no repetition without an end are left out.
    """
    part = schema if part is None else part
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rpartition("/")[2]]
    for inner in part.get("anyOf", ()):
        yield from iter_maxima(schema, inner, place)
    for name, inner in part.get("properties", {}).items():
        yield from iter_maxima(schema, inner, f"{place}.{name}".lstrip("."))
    if part.get("type") == "array":
        yield place, f"{part['maxItems']:,} entries" if "maxItems" in part else ""
        yield from iter_maxima(schema, part["items"], f"{place}[]")
    if part.get("type") == "string" and not {"enum", "const", "format"} & part.keys() and not _is_bounded(part):
        lines = f" in {DESCRIPTION_LINES:,} lines" if place == "description" else ""
        yield place, f"{part['maxLength']:,} characters{lines}" if "maxLength" in part else ""


def _is_bounded(part: dict[str, Any]) -> bool:
    return "maxLength" not in part and "pattern" in part and not re.search(r"[*+]", part["pattern"])


if __name__ == "__main__":
    PAGE.write_text(write_maxima(), encoding="utf-8")
