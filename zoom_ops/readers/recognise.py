"""The format of a file, told from its content. Its name decides only where the content may be two formats."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from ..errors import BadInputError
from .columns import seems_table

Format = Literal["text", "yaml", "json", "tables"]

_EVENT_KEYS = re.compile(r"^(?:- |  )?([a-z_]+):(?:\s|$)", re.MULTILINE)
_UNSUPPORTED = (  # the first bytes of a format, its name, what to do
    (b"%PDF-", "a PDF", "open it, and paste its text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as .xlsx, or paste its text"),
    (b"\x89PNG", "a picture", "type its text"),
    (b"\xff\xd8\xff", "a picture", "type its text"),
    (b"GIF8", "a picture", "type its text"),
    (b"{\\rtf", "an RTF document", "open it, and paste its text"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "open it, and paste its text"),
)


def recognise(content: bytes, file: str) -> Format:
    """Tell the format of a file. Raise BadInputError for one that is known and not read, such as PDF."""
    if content.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in content:
        return "tables"
    for first_bytes, name, advice in _UNSUPPORTED:
        if content.startswith(first_bytes):
            raise BadInputError(f"this is {name}, and it is not read: {advice}", file=file, line=1)
    ending = file.lower().rpartition(".")[2]
    if ending in ("csv", "tsv", "tab"):
        return "tables"
    start = content[:65_536].decode("utf-8-sig", "replace").lstrip()
    if start[:1] in ("{", "[") and (ending == "json" or _as_json(content) is not None):
        return _json_format(_as_json(content))
    if ending == "json":
        return "json"
    if ending in ("yaml", "yml") or {"name", "start"} <= set(_EVENT_KEYS.findall(start)):
        return "yaml"
    return "tables" if seems_table(start) else "text"


def _as_json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _json_format(value: Any) -> Format:
    """Tell which JSON it is. What nothing else knows is the event model."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, Mapping):
        pass  # each JSON format is told here by keys that only it has
    return "json"
