"""The format of a file, told from its content. Its name decides only where the content may be two formats."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from ..errors import BadInputError

Format = Literal["text", "yaml", "json", "linked_data", "indico", "pretalx", "frab", "wordpress"]

_EVENT_KEYS = re.compile(r"^(?:- |  )?([a-z_]+):(?:\s|$)", re.MULTILINE)
_EVENT_TYPE = re.compile(rb'"(?:https?://schema\.org/|schema:)?(?:\w*Event|EventSeries|Festival|Hackathon)"')
_MICRODATA = re.compile(rb"(?i)itemtype=[\"']?https?://schema\.org/\w*Event\b")
_JSON_KEYS: tuple[tuple[Format, frozenset[str]], ...] = (  # keys that only this format has
    ("linked_data", frozenset(("@type",))),
    ("linked_data", frozenset(("@graph",))),
    ("linked_data", frozenset(("@context",))),
    ("indico", frozenset(("count", "_type", "results"))),
    ("indico", frozenset(("_type", "startDate", "title"))),
    ("pretalx", frozenset(("schedule",))),
    ("pretalx", frozenset(("code", "title", "submission_type"))),
    ("wordpress", frozenset(("title", "start_date", "rest_url"))),
    ("wordpress", frozenset(("title", "start_date", "utc_start_date"))),
    ("wordpress", frozenset(("title", "content", "link"))),
)
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
    for first_bytes, name, advice in _UNSUPPORTED:
        if content.startswith(first_bytes):
            raise BadInputError(f"this is {name}, and it is not read: {advice}", file=file, line=1)
    ending = file.lower().rpartition(".")[2]
    start = content[:65_536].decode("utf-8-sig", "replace").lstrip()
    if start[:1] in ("{", "[") and (ending == "json" or _as_json(content) is not None):
        return _json_format(_as_json(content))
    if ending == "json":
        return "json"
    if start[:1] == "<":
        return _markup_format(content, start)
    if ending in ("yaml", "yml") or {"name", "start"} <= set(_EVENT_KEYS.findall(start)):
        return "yaml"
    return "text"


def _markup_format(content: bytes, start: str) -> Format:
    """Tell which XML or HTML it is. A page without an event for programs is an announcement."""
    if "<html" not in start.lower() and ("<schedule" in start or "<!ENTITY" in start):
        return "frab"
    script = content.lower().find(b"application/ld+json")
    found = _EVENT_TYPE.search(content, script) if script >= 0 else _MICRODATA.search(content)
    return "linked_data" if found else "text"


def _as_json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _json_format(value: Any) -> Format:
    """Tell which JSON it is. What nothing else knows is the event model."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, Mapping):
        keys = {str(key) for key in first}
        for name, known in _JSON_KEYS:
            if known <= keys:
                return name
        results = next((first[key] for key in ("results", "events") if isinstance(first.get(key), list)), ())
        if first is value and results and "name" not in keys:
            return _json_format(results)
    return "json"
